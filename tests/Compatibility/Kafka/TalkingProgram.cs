using System.Diagnostics;
using System.Threading.Channels;
using Moldau.Shared;

namespace Moldau.Compatibility.Kafka;

/// <summary>A program beside a test, which talks with it in lines. It ends with its input, and so not after this run.</summary>
internal sealed class TalkingProgram : IAsyncDisposable
{
    private const int MostSaid = 200;

    private readonly Process _process;
    private readonly string _purpose;
    private readonly DirectoryInfo _temporary;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Queue<string> _said = new();
    private readonly SemaphoreSlim _telling = new(1);
    private readonly Task _reading;

    private TalkingProgram(Process process, string purpose, DirectoryInfo temporary)
    {
        _process = process;
        _purpose = purpose;
        _temporary = temporary;
        _reading = Task.WhenAll(ReadLinesAsync(), ReadErrorsAsync());
    }

    /// <param name="purpose">What it is for, should it fail.</param>
    /// <param name="memory">Its largest heap, as <c>-Xmx</c>.</param>
    /// <param name="mainClass">One of ours, or of Kafka's.</param>
    /// <param name="arguments">What it is given.</param>
    public static async Task<TalkingProgram> StartJavaAsync(string purpose, string memory, string mainClass, params string[] arguments)
    {
        // One that is killed leaves its files behind: RocksDB's library alone is some megabytes each time.
        var temporary = Directory.CreateTempSubdirectory("moldau-java-");
        string[] options = [memory, "-Djava.io.tmpdir=" + temporary.FullName, "-Dfile.encoding=UTF-8", "-Dorg.apache.logging.log4j.level=WARN"];
        return new TalkingProgram(await KafkaJars.StartAsync(options, mainClass, arguments), purpose, temporary);
    }

    /// <param name="purpose">What it is for, should it fail.</param>
    /// <param name="interpreter">Of Python.</param>
    /// <param name="script">A file beside those of librdkafka.</param>
    /// <param name="arguments">What it is given.</param>
    public static TalkingProgram StartPython(string purpose, string interpreter, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(interpreter, [Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", "librdkafka", script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("could not start " + interpreter);
        return new TalkingProgram(process, purpose, Directory.CreateTempSubdirectory("moldau-python-"));
    }

    /// <param name="purpose">What it is for, should it fail.</param>
    /// <param name="command">A program and its arguments.</param>
    public static TalkingProgram Start(string purpose, params IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start) ?? throw new InvalidOperationException("could not start " + command[0]);
        return new TalkingProgram(process, purpose, Directory.CreateTempSubdirectory("moldau-program-"));
    }

    /// <summary>What it has said last, in lines or beside them.</summary>
    public string Said
    {
        get
        {
            lock (_said) return string.Join('\n', _said);
        }
    }

    /// <summary>Several may tell it something at once.</summary>
    public async Task TellAsync(string line)
    {
        await _telling.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It is gone; whoever waits for its answer is told so.
        }
        finally
        {
            _telling.Release();
        }
    }

    /// <summary>The next line that begins so; those before it are passed over.</summary>
    /// <param name="beginning">What it begins with.</param>
    /// <param name="fault">What no line may begin with until then; null for anything may.</param>
    /// <param name="deadline">How long that may take.</param>
    public async Task<string> LineAsync(string beginning, string? fault, TimeSpan deadline)
    {
        using var patience = new CancellationTokenSource(deadline);
        try
        {
            while (true)
            {
                var line = await _lines.Reader.ReadAsync(patience.Token);
                if (line.StartsWith(beginning, StringComparison.Ordinal)) return line;
                if (fault is not null && line.StartsWith(fault, StringComparison.Ordinal)) throw new InvalidOperationException($"{_purpose}: {line}\n{Said}");
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"waited {deadline.TotalSeconds} s for '{beginning}' of {_purpose}\n{Said}");
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException($"{_purpose} ended before it said '{beginning}'\n{Said}");
        }
    }

    /// <summary>Every line until it ends.</summary>
    public IAsyncEnumerable<string> LinesAsync() => _lines.Reader.ReadAllAsync();

    /// <summary>SIGKILL: it leaves no group and ends no transaction.</summary>
    public void Kill()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _reading;
        _process.Dispose();
        _telling.Dispose();
        _temporary.Delete(recursive: true);
    }

    private async Task ReadLinesAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            Keep(line);
            _lines.Writer.TryWrite(line);
        }

        _lines.Writer.Complete();
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line) Keep(line);
    }

    private void Keep(string line)
    {
        lock (_said)
        {
            if (_said.Count == MostSaid) _said.Dequeue();
            _said.Enqueue(line);
        }
    }
}
