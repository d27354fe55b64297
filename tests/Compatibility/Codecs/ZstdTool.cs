using System.ComponentModel;
using System.Diagnostics;

namespace Moldau.Compatibility.Codecs;

/// <summary>Runs the reference tool, bytes in and bytes out, and never waits for it longer than the deadline.</summary>
internal static class ZstdTool
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>What the tool makes of a stream: it does not learn the size beforehand.</summary>
    public static byte[] Pipe(ReadOnlyMemory<byte> input, string arguments) => Run(input, arguments + " -q -c");

    /// <summary>What the tool makes of a file, whose size it knows.</summary>
    public static byte[] File(ReadOnlySpan<byte> input, string arguments)
    {
        var path = Path.GetTempFileName();
        try
        {
            System.IO.File.WriteAllBytes(path, input);
            return Run(default, $"{arguments} -q -c -f \"{path}\"");
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    private static byte[] Run(ReadOnlyMemory<byte> input, string arguments)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("zstd", arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException("these tests need the zstd command line tool on the path", missing);
        }

        using var timer = new CancellationTokenSource(Deadline);
        using var kill = timer.Token.Register(() => process.Kill(entireProcessTree: true));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var feeding = Task.Run(() => Feed(process, input), CancellationToken.None);
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        feeding.GetAwaiter().GetResult();
        if (timer.IsCancellationRequested) throw new TimeoutException($"zstd {arguments} took longer than {Deadline}");
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"zstd {arguments} ended with {process.ExitCode}: {errors.GetAwaiter().GetResult()}");
        }
        return output.ToArray();
    }

    private static void Feed(Process process, ReadOnlyMemory<byte> input)
    {
        try
        {
            using var stream = process.StandardInput.BaseStream;
            stream.Write(input.Span);
        }
        catch (IOException)
        {
            // The tool ended before it read everything; its exit code says why.
        }
    }
}
