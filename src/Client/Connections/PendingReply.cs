using Moldau.Protocol.Messages;

namespace Moldau.Client.Connections;

/// <summary>A request whose answer is awaited. It ends with the answer's frame, or with null when its connection ended before.</summary>
internal sealed class PendingReply(int correlationId, ApiDescription api, int requestBytes, bool isPooled, long sentAt)
{
    // Never an exception: one that nobody awaits any more would surface in a finalizer.
    private readonly TaskCompletionSource<AnswerFrame?> _frame = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int CorrelationId { get; } = correlationId;

    public ApiDescription Api { get; } = api;

    public int RequestBytes { get; } = requestBytes;

    /// <summary>The clock's timestamp.</summary>
    public long SentAt { get; } = sentAt;

    /// <summary>Whether its answer goes into an array of the pool: its caller gives that back.</summary>
    public bool IsPooled { get; } = isPooled;

    public Task<AnswerFrame?> Frame => _frame.Task;

    public void Complete(AnswerFrame? frame) => _frame.TrySetResult(frame);

    /// <summary>Nobody waits any more: what comes is given back when it does, or at once if it has come.</summary>
    public void Abandon() =>
        _ = _frame.Task.ContinueWith(static done => done.Result?.Release(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
