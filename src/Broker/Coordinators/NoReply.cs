using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;

namespace Moldau.Broker.Coordinators;

/// <summary>For events that nobody waits for.</summary>
internal sealed class NoReply : PendingReply
{
    public override void Send()
    {
    }

    public override void Fail(ErrorCode code, string? message)
    {
    }
}
