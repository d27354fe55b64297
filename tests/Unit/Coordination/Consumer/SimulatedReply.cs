using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Unit.Coordination.Consumer;

/// <summary>A heartbeat's answer on its way back.</summary>
internal sealed class SimulatedReply(Action<ConsumerGroupHeartbeatResponse> arrived) : PendingReply<ConsumerGroupHeartbeatResponse>(new ConsumerGroupHeartbeatResponse())
{
    public override void Send() => arrived(Response);

    public override void Fail(ErrorCode code, string? message) => arrived(new ConsumerGroupHeartbeatResponse { ErrorCode = code });
}
