using System.Threading.Tasks.Sources;
using Moldau.Client.Telemetry;

namespace Moldau.Client.Producing;

/// <summary>Who waits for one record to be confirmed. Used again as soon as its waiter has seen what came of it.</summary>
internal sealed class AckSource : IValueTaskSource<RecordAck>
{
    private readonly AckPool _pool;
    // Told by a release, which runs in the pool for nothing else.
    private ManualResetValueTaskSourceCore<RecordAck> _core;

    public AckSource(AckPool pool) => _pool = pool;

    /// <summary>The record's place in its batch.</summary>
    public int Index { get; set; }

    /// <summary>The one before it in its batch.</summary>
    public AckSource? Next { get; set; }

    /// <summary>Ends with it; null while nobody listens.</summary>
    public SendSpan? Span { get; set; }

    public ValueTask<RecordAck> Task => new(this, _core.Version);

    public void Succeed(RecordAck ack)
    {
        Span?.Succeed(ack);
        _core.SetResult(ack);
    }

    public void Fail(Exception error)
    {
        Span?.Fail(error);
        _core.SetException(error);
    }

    public RecordAck GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            Next = null;
            Span = null;
            _pool.Return(this);
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
