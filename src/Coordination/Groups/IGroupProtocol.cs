using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups;

/// <summary>All groups of one protocol in a shard. A part of a <see cref="GroupMachine"/>, told what that is told.</summary>
public interface IGroupProtocol
{
    /// <summary>In no order.</summary>
    IEnumerable<Group> All { get; }

    Group? Find(string name);

    /// <returns>False where the record is none of this protocol's.</returns>
    bool Replay(IMessage key, IMessage? value);

    void Loaded(Outcome outcome);

    /// <returns>False where the timer is none of this protocol's.</returns>
    bool Elapsed(ShardTimer timer, Outcome outcome);

    void RolledBack(Outcome outcome);

    void Dropped(Outcome outcome);
}
