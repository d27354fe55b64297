namespace Moldau.Client.Connections;

/// <summary>A request whose answer is awaited. It ends with the answer's frame, or with null when its connection ended before.</summary>
internal sealed class PendingReply(int correlationId, int requestBytes)
{
    // Never an exception: one that nobody awaits any more would surface in a finalizer.
    private readonly TaskCompletionSource<byte[]?> _frame = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int CorrelationId { get; } = correlationId;

    public int RequestBytes { get; } = requestBytes;

    public Task<byte[]?> Frame => _frame.Task;

    public void Complete(byte[]? frame) => _frame.TrySetResult(frame);
}
