using Moldau.Broker.Diagnostics.Counting;
using Moldau.Broker.Partitions;
using Moldau.Broker.Partitions.Transactions;
using Moldau.Broker.Timing;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Data.Producing;

/// <summary>
/// What one produce request waits for: appends that other writers came before, and the disk. Kept with its exchange and
/// used again with it.
/// </summary>
internal sealed class ProduceWait : Delay
{
    private readonly Exchange _exchange;
    private readonly Delays _delays;
    private readonly WaitCounts _counts;
    private readonly List<PartitionAppend> _appends = [];
    private int _used;
    private int _pending;
    private bool _isScheduled;

    private ProduceWait(Exchange exchange, Delays delays, TransactionVerifier verifier, WaitCounts counts)
    {
        _counts = counts;
        _exchange = exchange;
        _delays = delays;
        Verifier = verifier;
    }

    public TransactionVerifier Verifier { get; }

    public bool WaitsForDisk { get; private set; }

    public static ProduceWait For(Exchange exchange, Delays delays, TransactionVerifier verifier, WaitCounts counts, bool waitsForDisk)
    {
        if (exchange.State is not ProduceWait wait) exchange.State = wait = new ProduceWait(exchange, delays, verifier, counts);
        wait._used = 0;
        wait._isScheduled = false;
        // One for the start itself: nothing completes before all of it has begun.
        wait._pending = 1;
        wait.WaitsForDisk = waitsForDisk;
        return wait;
    }

    /// <param name="partition">Where.</param>
    /// <param name="batch">Checked.</param>
    /// <param name="isInFrame">Whether it lies in the receive buffer.</param>
    /// <param name="answer">Its place in the response.</param>
    /// <param name="part">Of which transaction; the default is none.</param>
    public void Append(Partition partition, Memory<byte> batch, bool isInFrame, ProduceResponse.Partition answer, in PartOfTransaction part)
    {
        if (_used == _appends.Count) _appends.Add(new PartitionAppend(this));
        var append = _appends[_used++];
        Interlocked.Increment(ref _pending);
        append.Begin(partition, batch, isInFrame ? _exchange.Frame : null, answer, part);
        partition.Queue.Run(append);
    }

    /// <summary>All appends have begun.</summary>
    public void Started(int timeout)
    {
        if (WaitsForDisk && Volatile.Read(ref _pending) > 1)
        {
            _isScheduled = true;
            _counts.Begin();
            _delays.Schedule(this, timeout);
        }

        Ended();
    }

    /// <summary>One of them has its answer. From any thread.</summary>
    public void Ended()
    {
        if (Interlocked.Decrement(ref _pending) != 0) return;
        // One that is elapsing at this moment must not meet the next request.
        if (_isScheduled)
        {
            _counts.End();
            if (!_delays.Cancel(this)) _exchange.State = null;
        }

        if (!_exchange.HasReply && FirstError() is { } error) _exchange.Connection.CloseSoon($"a produce with acks=0, which has no other answer, was refused: {error}");
        _exchange.Complete();
    }

    public override void Elapsed()
    {
        _counts.Expire();
        // Each looks, as its partition's writer, whether it waits still.
        for (var i = 0; i < _used; i++) _appends[i].GiveUp();
    }

    private string? FirstError()
    {
        foreach (var topic in ((ProduceResponse)_exchange.Response).Responses)
        {
            foreach (var answer in topic.PartitionResponses)
            {
                if (answer.ErrorCode != ErrorCode.None) return $"{answer.ErrorCode}, {answer.ErrorMessage}";
            }
        }

        return null;
    }
}
