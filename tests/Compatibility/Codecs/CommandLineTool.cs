using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace Moldau.Compatibility.Codecs;

/// <summary>A filter program of the system: bytes in, bytes out, with a deadline. A missing program fails the test that needs it.</summary>
internal static class CommandLineTool
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task<byte[]> FilterAsync(string program, IEnumerable<string> arguments, byte[] input)
    {
        var (exitCode, output, errors) = await RunAsync(program, arguments, input);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {exitCode}: {errors}");
        return output;
    }

    private static async Task<(int ExitCode, byte[] Output, string Errors)> RunAsync(string program, IEnumerable<string> arguments, byte[] input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(start);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            using var output = new MemoryStream();
            // All at once: a filter starts to write before it has read everything, and stops when nobody takes it.
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            var reading = process.StandardOutput.BaseStream.CopyToAsync(output, deadline.Token);
            await WriteAsync(process.StandardInput, input, deadline.Token);
            await reading;
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, output.ToArray(), await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException($"these tests need the program {start.FileName} (Debian has a package of that name)", missing);
        }
    }

    private static async Task WriteAsync(StreamWriter input, byte[] bytes, CancellationToken deadline)
    {
        try
        {
            await input.BaseStream.WriteAsync(bytes, deadline);
            input.Close();
        }
        catch (IOException)
        {
            // It gave up reading; its exit code and its messages say why.
        }
    }
}
