using System.Globalization;
using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Transactions;

/// <summary>The bank of <c>BankTransfers.java</c>, at work in its own process.</summary>
internal sealed class Bank : IAsyncDisposable
{
    /// <summary>The topic of what was written to accounts: a line is a transfer, an amount, a transaction, and how many entries that has.</summary>
    public const string Entries = "entries";

    /// <summary>What is in all accounts together.</summary>
    public const long Total = 100_000;

    /// <summary>The transaction that put it there.</summary>
    public const string Opening = "0";

    private const string Fault = "wrong: ";

    /// <summary>Its workers come and go, and nothing is gained by waiting for them.</summary>
    public static readonly string[] BrokerSettings =
    [
        "group.consumer.min.heartbeat.interval.ms=500", "group.consumer.heartbeat.interval.ms=500",
        // Whoever left while the broker was gone keeps its partitions that long.
        "group.consumer.min.session.timeout.ms=10000", "group.consumer.session.timeout.ms=10000",
        "group.initial.rebalance.delay.ms=0",
    ];

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);

    private readonly TalkingProgram _program;
    private LibrdkafkaWorker? _guest;

    private Bank(TalkingProgram program) => _program = program;

    /// <param name="address">The broker's.</param>
    /// <param name="protocol">That of its workers' group.</param>
    /// <param name="fault">What it does wrong.</param>
    public static async Task<Bank> OpenAsync(string address, string protocol, string fault = "none") => new(await TalkingProgram.StartJavaAsync(
        $"the bank with {protocol} groups", "-Xmx768m", "BankTransfers", address, protocol, TestSeed.Value.ToString(CultureInfo.InvariantCulture), fault));

    /// <summary>One more worker, of another client.</summary>
    public async Task EmployAsync(string address, string protocol)
    {
        // Once the bank answers, its topics are there.
        await AskAsync();
        _guest = await LibrdkafkaWorker.StartAsync(address, protocol, _program);
        await _guest.UntilAtWorkAsync();
    }

    /// <summary>Waits until so many more transactions were acknowledged, and readers of both kinds have summed up anew.</summary>
    public async Task GoOnAsync(int transactions)
    {
        var begin = await AskAsync();
        var until = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var now = await AskAsync();
            // A cut that began before this wait may end in it, so one is not enough.
            if (now.Transactions >= begin.Transactions + transactions && now.Follows >= begin.Follows + 2 && now.Newcomers >= begin.Newcomers + 2) return;
            if (TimeProvider.System.GetElapsedTime(until) > Deadline) throw new TimeoutException($"the bank was at {begin}, and {Deadline.TotalSeconds} s later at {now}\n{_program.Said}");
            await Task.Delay(50);
        }
    }

    /// <summary>Works off what there is, and holds all of it against what was acknowledged.</summary>
    /// <returns>How many transfers there were, and what else the bank has to say.</returns>
    public async Task<(int Transfers, string Told)> CloseAsync()
    {
        if (_guest is not null) await _guest.StopAsync();
        await _program.TellAsync("stop");
        var told = await _program.LineAsync("done ", Fault, Deadline);
        var transfers = int.Parse(told.Split(' ')[1], CultureInfo.InvariantCulture);
        return (transfers, _guest is null ? told : $"{told}, {_guest.Transactions} of the transactions by librdkafka");
    }

    /// <summary>Waits until a reader says that something is wrong.</summary>
    public async Task<string> FaultAsync(string words)
    {
        while (true)
        {
            var line = await _program.LineAsync(Fault, fault: null, Deadline);
            if (line.Contains(words, StringComparison.Ordinal)) return line;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_guest is not null) await _guest.DisposeAsync();
        await _program.DisposeAsync();
    }

    private async Task<Progress> AskAsync()
    {
        await _program.TellAsync("tell");
        var words = (await _program.LineAsync("at ", Fault, Deadline)).Split(' ');
        return new Progress(Number(1), Number(2), Number(3));

        int Number(int word) => int.Parse(words[word], CultureInfo.InvariantCulture);
    }

    private readonly record struct Progress(int Transactions, int Follows, int Newcomers);
}
