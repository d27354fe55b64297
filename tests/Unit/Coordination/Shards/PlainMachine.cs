using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;

namespace Moldau.Unit.Coordination.Shards;

/// <summary>A machine that remembers one number for each group, as offsets are stored.</summary>
internal sealed class PlainMachine : IShardMachine
{
    public PlainMachine() => Numbers = new DurableMap<string, long>(Undo);

    public UndoLog Undo { get; } = new();

    public DurableMap<string, long> Numbers { get; }

    public int RolledBackTimes { get; private set; }

    public static void Put(Outcome outcome, string name, long number) =>
        outcome.Append(new OffsetCommitKey { Group = name, Topic = "t" }, new OffsetCommitValue { Offset = number });

    public void Replay(IMessage key, IMessage? value, TransactionProducer? producer)
    {
        var name = ((OffsetCommitKey)key).Group;
        if (value is OffsetCommitValue offset) Numbers.Set(name, offset.Offset);
        else Numbers.Remove(name);
    }

    public void ReplayMarker(TransactionProducer producer, bool isCommit) => Numbers.Set($"of {producer.Id}", isCommit ? 1 : 0);

    public void Loaded(Outcome outcome) => outcome.SetTimer(new ShardTimer("loaded", ""), TimeSpan.FromSeconds(1));

    public void Elapsed(ShardTimer timer, Outcome outcome)
    {
    }

    public void RolledBack(Outcome outcome) => RolledBackTimes++;

    public void Dropped(Outcome outcome)
    {
    }
}
