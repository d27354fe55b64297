using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups;

/// <summary>What all groups have, whatever their protocol. Names of states and errors are Kafka's.</summary>
public abstract class Group(string name)
{
    public string Name { get; } = name;

    public abstract GroupKind Kind { get; }

    /// <summary>As ListGroups shows it.</summary>
    public abstract string State { get; }

    /// <summary>Empty where offsets are stored and nobody ever joined.</summary>
    public abstract string ProtocolType { get; }

    public abstract bool HasMembers { get; }

    /// <summary>Whether the caller may commit. It counts as a sign of life, where the protocol has it so.</summary>
    public abstract ErrorCode CheckCommit(in OffsetCaller caller, Outcome outcome);

    /// <summary>Whether the caller, who may commit, may do so for this partition.</summary>
    /// <param name="name">The topic's.</param>
    /// <param name="topic">Zero where it is not known.</param>
    public virtual ErrorCode CheckCommitOf(in OffsetCaller caller, string name, Uuid topic, int partition) => ErrorCode.None;

    /// <summary>Whether the caller may read offsets.</summary>
    public abstract ErrorCode CheckFetch(in OffsetCaller caller);

    /// <summary>Whether members read the topic, so that its offsets must not be deleted.</summary>
    public abstract bool IsSubscribedTo(string topic);

    /// <summary>Whether somebody's offsets may be deleted at all.</summary>
    public abstract ErrorCode CheckOffsetDelete();

    /// <summary>From when on the retention of an offset counts; null where it does not expire now.</summary>
    /// <param name="topic">The offset's.</param>
    /// <param name="committed">When it was committed, in milliseconds since 1970.</param>
    public abstract long? RetentionStart(string topic, long committed);

    /// <summary>Tombstones for all that is stored of the group, its offsets excepted. It has no members.</summary>
    public abstract void Forget(Outcome outcome);
}
