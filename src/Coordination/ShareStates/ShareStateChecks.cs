using Moldau.Coordination.Groups;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;

namespace Moldau.Coordination.ShareStates;

/// <summary>What is wrong with a request about a share-partition, in the order in which Kafka finds it.</summary>
internal sealed class ShareStateChecks(DurableMap<SharePartitionKey, ShareState> states, Func<ITopicDirectory> topics)
{
    private static readonly (ErrorCode Error, string? Message) Right = (ErrorCode.None, null);

    public (ErrorCode Error, string? Message) Initialize(in SharePartitionKey key, int stateEpoch)
    {
        if (Negative(key) is { } negative) return negative;
        return states.Find(key) is { } state && state.IsStale(stateEpoch) ? Stale(state, stateEpoch) : Topic(key);
    }

    public (ErrorCode Error, string? Message) Read(in SharePartitionKey key, int leaderEpoch)
    {
        if (Negative(key) is { } negative) return negative;
        if (states.Find(key) is not { } state) return (ErrorCode.InvalidRequest, "Read operation on uninitialized share partition not allowed.");
        return state.IsFenced(leaderEpoch) ? Fenced(state, leaderEpoch) : Topic(key);
    }

    public (ErrorCode Error, string? Message) Write(in SharePartitionKey key, int leaderEpoch, int stateEpoch)
    {
        if (Negative(key) is { } negative) return negative;
        if (states.Find(key) is not { } state) return (ErrorCode.InvalidRequest, "Write operation on uninitialized share partition not allowed.");
        if (state.IsFenced(leaderEpoch)) return Fenced(state, leaderEpoch);
        return state.IsStale(stateEpoch) ? Stale(state, stateEpoch) : Topic(key);
    }

    public (ErrorCode Error, string? Message) Topic(in SharePartitionKey key)
    {
        if (Negative(key) is { } negative) return negative;
        return topics().Find(key.Topic) is { } topic && key.Partition < topic.PartitionCount ? Right
            : (ErrorCode.UnknownTopicOrPartition, $"there is no partition {key.Partition} of a topic with the id {key.Topic}");
    }

    private static (ErrorCode Error, string? Message)? Negative(in SharePartitionKey key) =>
        key.Partition < 0 ? (ErrorCode.InvalidRequest, "The partition id cannot be a negative number.") : null;

    private static (ErrorCode Error, string? Message) Fenced(ShareState state, int asked) =>
        (ErrorCode.FencedLeaderEpoch, $"a leader of epoch {state.FencedLeaderEpoch} has the share-partition; epoch {asked} is older");

    private static (ErrorCode Error, string? Message) Stale(ShareState state, int asked) =>
        (ErrorCode.FencedStateEpoch, $"the share-partition's state was initialized in epoch {state.FencedStateEpoch}; epoch {asked} is older");
}
