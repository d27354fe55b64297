using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;

namespace Moldau.Unit.Coordination.Shards;

/// <summary>A reply that notes what becomes of it.</summary>
internal sealed class NotedReply : PendingReply
{
    /// <summary>Null while it has not left.</summary>
    public ErrorCode? Told { get; private set; }

    public override void Send() => Told ??= ErrorCode.None;

    public override void Fail(ErrorCode code, string? message) => Told ??= code;
}
