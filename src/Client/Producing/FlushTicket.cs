namespace Moldau.Client.Producing;

/// <summary>Ends when all batches it was given to have come to an end.</summary>
internal sealed class FlushTicket
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    // One of whoever gives it out, so that it does not end before all have it.
    private int _left = 1;

    public Task Done => _done.Task;

    public void Add() => Interlocked.Increment(ref _left);

    public void Punch()
    {
        if (Interlocked.Decrement(ref _left) == 0) _done.TrySetResult();
    }
}
