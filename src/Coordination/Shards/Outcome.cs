using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Shards;

/// <summary>
/// What comes of one event. A record is applied to the machine in the moment it is appended here, so what the event does next
/// sees it; nobody outside does before it is committed.
/// </summary>
public sealed class Outcome(IShardMachine machine)
{
    private readonly List<ShardRecord> _records = [];
    private readonly List<PendingReply> _replies = [];
    private readonly List<(PendingReply Reply, ErrorCode Error, string? Message)> _failures = [];
    private readonly List<(ShardTimer Timer, TimeSpan? After)> _timers = [];

    /// <summary>Milliseconds since 1970, the same for the whole event.</summary>
    public long Now { get; private set; }

    /// <summary>In whose transaction this event's records are written; null outside of one.</summary>
    public TransactionProducer? Producer { get; set; }

    /// <summary>Whether a crash may leave the first of this event's records without the others, where they are many.</summary>
    public bool MayBeSplit { get; set; }

    public IReadOnlyList<ShardRecord> Records => _records;

    public IReadOnlyList<PendingReply> Replies => _replies;

    public IReadOnlyList<(PendingReply Reply, ErrorCode Error, string? Message)> Failures => _failures;

    /// <summary>In the order they were set; without a time it is stopped.</summary>
    public IReadOnlyList<(ShardTimer Timer, TimeSpan? After)> Timers => _timers;

    public void Append(IMessage key, IMessage? value, short version = -1)
    {
        _records.Add(new ShardRecord(key, value, version));
        machine.Replay(key, value, Producer);
    }

    /// <summary>The response is filled; it leaves when all records so far are committed.</summary>
    public void Send(PendingReply reply) => _replies.Add(reply);

    /// <summary>An error in place of the response; it leaves when all records so far are committed.</summary>
    public void Fail(PendingReply reply, ErrorCode error, string? message = null) => _failures.Add((reply, error, message));

    public void SetTimer(ShardTimer timer, TimeSpan after) => _timers.Add((timer, after));

    public void StopTimer(ShardTimer timer) => _timers.Add((timer, null));

    /// <summary>Ready for the next event.</summary>
    public void Begin(long now)
    {
        Now = now;
        Producer = null;
        MayBeSplit = false;
        _records.Clear();
        _replies.Clear();
        _failures.Clear();
        _timers.Clear();
    }
}
