using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Wire;

namespace Moldau.Compatibility.Transactions;

/// <summary>A worker of the bank that is not Kafka's own: <c>bankworker.py</c>, whose words the bank is told.</summary>
internal sealed class LibrdkafkaWorker : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);

    private readonly TalkingProgram _program;
    private readonly Task _relaying;
    private readonly TaskCompletionSource _isAtWork = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _fault;

    private LibrdkafkaWorker(TalkingProgram program, TalkingProgram bank)
    {
        _program = program;
        _relaying = RelayAsync(bank);
    }

    /// <summary>How many transactions were acknowledged to it.</summary>
    public int Transactions { get; private set; }

    public static async Task<LibrdkafkaWorker> StartAsync(string address, string protocol, TalkingProgram bank)
    {
        var python = await Librdkafka.PythonAsync(Librdkafka.New);
        return new LibrdkafkaWorker(TalkingProgram.StartPython("librdkafka's worker", python, "bankworker.py", address, protocol, $"{TestSeed.Value}"), bank);
    }

    /// <summary>Waits until a transaction was acknowledged to it.</summary>
    public async Task UntilAtWorkAsync()
    {
        if (await Task.WhenAny(_isAtWork.Task, _relaying, Task.Delay(Deadline)) != _isAtWork.Task)
            throw new InvalidOperationException($"librdkafka's worker has no transaction after {Deadline.TotalSeconds} s, or ended\n{_program.Said}");
    }

    /// <summary>It ends what it is doing, and leaves nothing open. What it had to tell has been told then.</summary>
    public async Task StopAsync()
    {
        await _program.TellAsync("stop");
        await _relaying.WaitAsync(Deadline);
        if (_fault is not null) throw new InvalidOperationException($"{_fault}\n{_program.Said}");
    }

    public async ValueTask DisposeAsync() => await _program.DisposeAsync();

    private async Task RelayAsync(TalkingProgram bank)
    {
        var isEnded = false;
        await foreach (var line in _program.LinesAsync())
        {
            if (line.StartsWith("wrong: ", StringComparison.Ordinal)) _fault ??= line;
            isEnded = line == "ended";
            if (line.StartsWith("committed ", StringComparison.Ordinal))
            {
                Transactions++;
                _isAtWork.TrySetResult();
            }
            else if (!line.StartsWith("aborted ", StringComparison.Ordinal)) continue;
            await bank.TellAsync(line);
        }

        if (!isEnded) _fault ??= "librdkafka's worker ended too early";
    }
}
