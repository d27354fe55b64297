using Microsoft.Extensions.Logging;
using Moldau.Client.Connections;
using Moldau.Client.Consuming;
using Moldau.Protocol.Errors;

namespace Moldau.Client.Fetching;

/// <summary>
/// The partitions that are read, what waits of them, and the one lock over all of it. Nothing is awaited in that; whoever calls
/// what changes something holds it.
/// </summary>
internal sealed class PartitionTable(ConsumerOptions options, KafkaClientOptions client, BackOff backOff)
{
    private readonly ILogger _log = client.LoggerFactory.CreateLogger("Moldau.Client");
    private long _lastFence;
    private bool _isTelling;

    public Lock Gate { get; } = new();

    public ConsumerOptions Options => options;

    public KafkaClientOptions Client => client;

    public BackOff BackOff => backOff;

    public Dictionary<TopicPartition, PartitionState> States { get; } = [];

    public WaitingParts Waiting { get; } = new();

    /// <summary>Rung when there may be something to give out or to tell.</summary>
    public Bell Ready { get; } = new(client.Clock);

    /// <summary>Told when there may be something to ask for.</summary>
    public Action Changed { get; set; } = static () => { };

    /// <summary>Told when there is room for more.</summary>
    public Action Room { get; set; } = static () => { };

    /// <summary>Told when something is known to lead elsewhere than was believed.</summary>
    public Action Stale { get; set; } = static () => { };

    /// <summary>Whether a reader is to be told something. Looked at without the lock.</summary>
    public bool IsTelling
    {
        get => Volatile.Read(ref _isTelling);
        set => Volatile.Write(ref _isTelling, value);
    }

    public long NextFence() => ++_lastFence;

    public PartitionState Find(TopicPartition where) =>
        States.GetValueOrDefault(where) ?? throw new InvalidOperationException($"{where} is not read by this consumer; assign it first");

    public void Begin(PartitionState state, StartPosition start)
    {
        Move(state);
        (state.Phase, state.Start, state.Given, state.Failure) = (PartitionPhase.Placing, start, null, null);
        (state.Failures, state.RetryAt, state.Committed) = (0, 0, new OffsetPosition(-1));
        if (state.End >= 0 && Options.StopAtEnd) return;
        state.End = Options.StopAtEnd ? -1 : long.MaxValue;
    }

    /// <summary>What was fetched or asked is for another place from now on.</summary>
    public void Move(PartitionState state)
    {
        state.Fence = NextFence();
        (state.IsAsking, state.IsBlocked) = (false, false);
        Waiting.Drop(state);
    }

    /// <summary>What is ahead of what was given out is asked for again.</summary>
    public void FetchAgain(PartitionState state)
    {
        Move(state);
        state.Ahead = state.Position;
        if (state.Phase == PartitionPhase.AtEnd && state.Ahead.Offset < state.End) state.Phase = PartitionPhase.Reading;
        Changed();
    }

    public void Tell(PartitionState state, KafkaException failure)
    {
        state.Failure = failure;
        IsTelling = true;
        Ready.Ring();
    }

    public long Later(TimeSpan pause) => Client.Clock.GetTimestamp() + (long)(pause.TotalSeconds * Client.Clock.TimestampFrequency);

    public TimeSpan Until(long timestamp) => TimeSpan.FromSeconds((timestamp - Client.Clock.GetTimestamp()) / (double)Client.Clock.TimestampFrequency);

    public void Fail(PartitionState state, KafkaException failure)
    {
        state.IsAsking = false;
        if (state.Failures++ == 0)
        {
            state.FailingSince = Client.Clock.GetTimestamp();
            ReadFailed(_log, state.Where, failure.Message, null);
        }

        var patience = failure.Code is ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId ? Client.MissingTopicTimeout : Client.OperationTimeout;
        if (!failure.IsTransient || Client.Clock.GetElapsedTime(state.FailingSince) > patience)
        {
            state.Failures = 0;
            Tell(state, failure);
        }
        else
        {
            state.RetryAt = Later(BackOff.After(state.Failures));
        }

        if (Retries.IsStaleness(failure.Code)) Stale();
    }

    /// <summary>Records are passed over, or come again, without an error: that is to be found somewhere.</summary>
    public void LogReset(PartitionState state, string why) => WasReset(_log, state.Where, state.Ahead.Offset, why, null);

    private static readonly Action<ILogger, TopicPartition, string, Exception?> ReadFailed = LoggerMessage.Define<TopicPartition, string>(
        LogLevel.Debug, new EventId(2100), "{Partition} cannot be read now, and is tried again: {Reason}");

    private static readonly Action<ILogger, TopicPartition, long, string, Exception?> WasReset = LoggerMessage.Define<TopicPartition, long, string>(
        LogLevel.Warning, new EventId(2101), "{Partition} is not read on at offset {Offset}: {Reason}");
}
