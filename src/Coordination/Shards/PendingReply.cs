using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Shards;

/// <summary>
/// Somebody who waits for an answer. A machine fills <see cref="PendingReply{T}.Response"/> and hands it to
/// <see cref="Outcome.Send"/>, in the event that asked or in a later one; once, and never touches it after that. Where more
/// than one answer is given the first counts.
/// </summary>
public abstract class PendingReply
{
    /// <summary>Called by the runtime when everything the answer was computed from is committed.</summary>
    public abstract void Send();

    /// <summary>Called by the runtime: this error in place of whatever was filled in.</summary>
    public abstract void Fail(ErrorCode code, string? message);
}

/// <inheritdoc/>
public abstract class PendingReply<TResponse>(TResponse response) : PendingReply
    where TResponse : class, IMessage
{
    public TResponse Response { get; } = response;
}
