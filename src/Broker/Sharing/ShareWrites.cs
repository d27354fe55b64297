using Moldau.Broker.Timing;
using Moldau.Coordination.Deliveries;
using Moldau.Protocol.Errors;

namespace Moldau.Broker.Sharing;

/// <summary>
/// Writes of one share-partition's state, one at a time; whose acknowledgements went with one is told when that has ended. Called by the
/// share-partition alone, within its events.
/// </summary>
internal sealed class ShareWrites(SharePartition partition, ShareStateWriter writer, Delays delays, Delay retry)
{
    private const int Attempts = 5;
    private const int FirstPause = 50;
    private const int LongPause = 1000;

    private List<TaskCompletionSource<ShareFault?>> _waiting = [];
    private List<TaskCompletionSource<ShareFault?>> _sent = [];
    private StateWrite? _write;
    private bool _isPausing;
    private int _attempts;

    /// <summary>He is told of the next one.</summary>
    public void Await(TaskCompletionSource<ShareFault?> told) => _waiting.Add(told);

    /// <summary>What has changed goes, unless something is under way.</summary>
    public void Begin(SharePartitionMachine machine)
    {
        if (!machine.MustWrite || _isPausing) return;
        _write = machine.TakeWrite();
        (_sent, _waiting) = (_waiting, _sent);
        writer.Send(partition, _write);
    }

    /// <param name="machine">Is told.</param>
    /// <param name="error">None, or one that passes.</param>
    /// <param name="message">Why.</param>
    /// <param name="now">The time, in milliseconds.</param>
    /// <returns>False where it is tried again.</returns>
    public bool Ended(SharePartitionMachine machine, ErrorCode error, string? message, long now)
    {
        if (error != ErrorCode.None && ++_attempts < Attempts)
        {
            delays.Schedule(retry, FirstPause << _attempts);
            return false;
        }

        (_write, _attempts) = (null, 0);
        machine.Stored(error == ErrorCode.None, now);
        var answered = _sent;
        _sent = [];
        foreach (var one in answered) one.SetResult(error == ErrorCode.None ? null : ShareFault.Of(error, message));
        if (error == ErrorCode.None) return true;
        // What is stored behind must not ask for ever without a breath.
        _isPausing = true;
        delays.Schedule(retry, LongPause);
        return true;
    }

    /// <summary>The pause is over: what was tried is tried again.</summary>
    public void GoOn()
    {
        _isPausing = false;
        if (_write is not null) writer.Send(partition, _write);
    }

    /// <summary>Nothing is written any more.</summary>
    public void End(ShareFault fault)
    {
        delays.Cancel(retry);
        foreach (var one in _sent) one.SetResult(fault);
        foreach (var one in _waiting) one.SetResult(fault);
        _sent = _waiting = [];
    }
}
