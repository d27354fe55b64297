using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Shards;

/// <summary>
/// What a shard remembers and how it changes. Called by one at a time. Its durable state changes in <see cref="Replay"/> and
/// <see cref="ReplayMarker"/> alone, and only in maps that stand on <see cref="Undo"/>.
/// </summary>
public interface IShardMachine
{
    UndoLog Undo { get; }

    /// <summary>
    /// Applies a record: while the shard is loaded, or in the moment in which an outcome appends it. Of an offset's messages
    /// nothing is kept: a load reads the next one into them.
    /// </summary>
    /// <param name="key">Of which kind the record is, says the key's class.</param>
    /// <param name="value">Null forgets what the key names.</param>
    /// <param name="producer">Whose transaction the record belongs to; null outside of one.</param>
    void Replay(IMessage key, IMessage? value, TransactionProducer? producer);

    /// <summary>A transaction that wrote here has ended.</summary>
    void ReplayMarker(TransactionProducer producer, bool isCommit);

    /// <summary>Everything is replayed. Deadlines begin anew: all timers are set here, from the state.</summary>
    void Loaded(Outcome outcome);

    void Elapsed(ShardTimer timer, Outcome outcome);

    /// <summary>What was not durable has been taken back. What no record says has to follow.</summary>
    void RolledBack(Outcome outcome);

    /// <summary>The shard goes: whoever still waits for something is told so.</summary>
    void Dropped(Outcome outcome);
}
