using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Coordinators.Transactions;

/// <summary>A coordinator's reply for somebody who awaits it; also where it is an error, which does not throw.</summary>
internal sealed class TaskReply<TResponse>() : PendingReply<TResponse>(new TResponse())
    where TResponse : class, IMessage, new()
{
    private readonly TaskCompletionSource<(ErrorCode Error, string? Message)> _given = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends without an error where the response is filled.</summary>
    public Task<(ErrorCode Error, string? Message)> Given => _given.Task;

    public override void Send() => _given.TrySetResult((ErrorCode.None, null));

    public override void Fail(ErrorCode code, string? message) => _given.TrySetResult((code, message));
}
