using System.Threading.Tasks.Sources;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Connections;

/// <summary>
/// A request whose answer is awaited, by one alone. It ends with the answer's frame, or with null when its connection ended before, or nobody waits
/// any more. It may be used for another request once it was awaited and came from the connection.
/// </summary>
/// <param name="continuesHere">Whether who waits goes on in the connection's own loop; only for what never blocks and hands over to no user's code.</param>
internal sealed class PendingReply(bool continuesHere) : IValueTaskSource<AnswerFrame?>
{
    private ManualResetValueTaskSourceCore<AnswerFrame?> _core = new() { RunContinuationsAsynchronously = !continuesHere };
    private int _isOver;

    public ApiDescription Api { get; private set; } = null!;

    /// <summary>How long it may take.</summary>
    public TimeSpan Patience { get; private set; }

    /// <summary>Whether its answer goes into an array of the pool: its caller gives that back.</summary>
    public bool IsPooled { get; private set; }

    public int RequestBytes { get; private set; }

    public int CorrelationId { get; private set; }

    /// <summary>The clock's timestamp.</summary>
    public long SentAt { get; private set; }

    /// <summary>The clock's timestamp at which it is too late.</summary>
    public long Deadline { get; private set; }

    /// <summary>Whether it was too late.</summary>
    public bool IsLate { get; set; }

    /// <summary>Whether nobody waits any more; the connection may still hold it.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>Ends with the answer; to be awaited once.</summary>
    public ValueTask<AnswerFrame?> Frame => new(this, _core.Version);

    public PendingReply For(ApiDescription api, TimeSpan patience, bool isPooled, int requestBytes)
    {
        _core.Reset();
        (Api, Patience, IsPooled, RequestBytes) = (api, patience, isPooled, requestBytes);
        (IsLate, IsAbandoned) = (false, false);
        Volatile.Write(ref _isOver, 0);
        return this;
    }

    /// <summary>Its place in the connection's line.</summary>
    public void Place(int correlationId, long now, long deadline) => (CorrelationId, SentAt, Deadline) = (correlationId, now, deadline);

    public void Complete(AnswerFrame? frame)
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0) _core.SetResult(frame);
        else frame?.Release();
    }

    /// <summary>Nobody waits any more: what comes is given back when it does.</summary>
    public void Abandon()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0) return;
        IsAbandoned = true;
        _core.SetResult(null);
    }

    public AnswerFrame? GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
