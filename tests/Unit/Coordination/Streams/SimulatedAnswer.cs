using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Unit.Coordination.Streams;

/// <summary>A heartbeat's answer on its way back.</summary>
internal sealed class SimulatedAnswer(Action<StreamsGroupHeartbeatResponse> arrived) : PendingReply<StreamsGroupHeartbeatResponse>(new StreamsGroupHeartbeatResponse())
{
    public override void Send() => arrived(Response);

    public override void Fail(ErrorCode code, string? message) => arrived(new StreamsGroupHeartbeatResponse { ErrorCode = code });
}
