using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;

namespace Moldau.Broker.Requests.Groups;

/// <summary>Internal topics are created when the heartbeat that misses them is committed, as its answer leaves then.</summary>
internal sealed class InternalTopicOrder(Action create) : PendingReply
{
    public override void Send() => create();

    public override void Fail(ErrorCode code, string? message)
    {
    }
}
