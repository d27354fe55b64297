using Moldau.Protocol.Errors;

namespace Moldau.Client.Producing;

/// <summary>
/// The batches of one partition that were sent and not confirmed, in their order. With idempotence each has a sequence from when it was
/// first sent; where one is lost, those behind it are numbered anew. That takes until nothing is under way and it is known of each whether it
/// was written: until then the partition settles, and nothing new is sent. Decides alone; sends and waits for nothing.
/// </summary>
/// <param name="most">How many may be under way.</param>
/// <param name="isIdempotent">Whether they have sequences.</param>
/// <param name="restarts">Whether a new epoch may be taken; in a transaction only its end brings one.</param>
internal sealed class PartitionOrder<TBatch>(int most, bool isIdempotent, bool restarts)
    where TBatch : SequencedBatch
{
    private readonly List<TBatch> _batches = [];
    private int _underWay;
    private long _nextPlace;
    private int _next;
    private int _expected;
    private bool _isSettling;
    private bool _needsEpoch;
    private bool _isKnown;

    /// <summary>Nobody before the first <see cref="Adopt"/>.</summary>
    public (long Id, short Epoch) Identity { get; private set; } = (-1, -1);

    public bool IsEmpty => _batches.Count == 0;

    public bool IsAnyUnderWay => _underWay > 0;

    public IReadOnlyList<TBatch> Batches => _batches;

    /// <summary>Whether a batch that was never sent may be sent now.</summary>
    public bool TakesNew => !_isSettling && HasRoom(_nextPlace) && _underWay == _batches.Count;

    /// <summary>Whether nothing can go on before <see cref="Adopt"/> brings a new epoch.</summary>
    public bool NeedsEpoch => _needsEpoch && IsSettled;


    private bool IsSettled => _underWay == 0 && !_batches.Exists(static batch => batch.IsDoubtful);

    /// <summary>The one to be sent again next, be it its time or not; null where none may be.</summary>
    public TBatch? Again()
    {
        // What may have been written is asked about one by one, each as the first that is open: the answer is then about itself.
        if (_isSettling) return _underWay > 0 ? null : _batches.Find(static batch => batch.IsDoubtful);
        if (_underWay == _batches.Count) return null;
        var next = _batches.Find(static batch => !batch.IsUnderWay);
        return next is not null && HasRoom(next.Place) ? next : null;
    }

    public void Send(TBatch batch)
    {
        if (batch.Attempts++ == 0)
        {
            batch.Place = _nextPlace++;
            _batches.Add(batch);
        }

        if (isIdempotent && batch.Sequence < 0)
        {
            batch.Sequence = _next;
            _next = Behind(_next, batch.Count);
        }

        batch.IsUnderWay = true;
        batch.WasLowest = _batches[0] == batch;
        _underWay++;
    }

    /// <param name="batch">Which.</param>
    /// <param name="code">What was answered, or stands for there being no answer.</param>
    /// <param name="wasSent">Whether it may have reached anybody at all.</param>
    public Verdict Answer(TBatch batch, ErrorCode code, bool wasSent)
    {
        if (!batch.IsUnderWay) return Verdict.Forgotten;
        batch.IsUnderWay = false;
        _underWay--;
        var verdict = Judge(batch, code, wasSent);
        if (verdict == Verdict.Delivered)
        {
            _batches.Remove(batch);
            _isKnown = true;
            Expect(Behind(batch.Sequence, batch.Count));
        }
        else if (verdict == Verdict.Lost)
        {
            Remove(batch);
        }

        Settle();
        return verdict;
    }

    /// <summary>Its time is over; what becomes of it where it is under way, nobody will know.</summary>
    public void GiveUp(TBatch batch)
    {
        if (batch.IsUnderWay)
        {
            batch.IsUnderWay = false;
            batch.IsDoubtful = true;
            _underWay--;
        }

        Remove(batch);
        Settle();
    }

    /// <summary>Puts its parts in its place.</summary>
    public void Replace(TBatch batch, IReadOnlyList<TBatch> parts)
    {
        var place = _batches.IndexOf(batch);
        _batches.RemoveAt(place);
        _batches.InsertRange(place, parts);
        foreach (var part in parts) part.Attempts = 1;
        _nextPlace = batch.Place;
        for (var i = place; i < _batches.Count; i++) _batches[i].Place = _nextPlace++;
        _isSettling = isIdempotent;
        Settle();
    }

    /// <summary>Goes on as another producer: where nothing is open, or <see cref="NeedsEpoch"/>.</summary>
    public void Adopt(long id, short epoch)
    {
        Identity = (id, epoch);
        _expected = 0;
        _needsEpoch = _isKnown = false;
        Renumber();
    }

    /// <summary>
    /// A broker remembers the last batches of a producer, and an older one would look like a gap to it: so none goes out before the one that is
    /// so far behind it is confirmed, though those between them may be. One that has never seen a producer takes any sequence as its first:
    /// were two under way, and the first one lost on its way, it would take the second, and the first never after it.
    /// </summary>
    private bool HasRoom(long place)
    {
        if (!isIdempotent) return _underWay < most;
        return _batches.Count == 0 || place - _batches[0].Place < (_isKnown ? most : 1);
    }

    private Verdict Judge(TBatch batch, ErrorCode code, bool wasSent)
    {
        if (!wasSent) return code.IsRetriable() ? Verdict.Again : Verdict.Lost;
        switch (code)
        {
            case ErrorCode.None or ErrorCode.DuplicateSequenceNumber:
                return Verdict.Delivered;
            case ErrorCode.MessageTooLarge or ErrorCode.RecordListTooLarge:
                return batch.Count > 1 ? Verdict.Split : Verdict.Lost;
            case ErrorCode.OutOfOrderSequenceNumber when isIdempotent && !batch.WasLowest && !_isSettling:
                // One before it has not arrived, and will be sent again, too.
                return Verdict.Again;
            case ErrorCode.OutOfOrderSequenceNumber or ErrorCode.UnknownProducerId or ErrorCode.InvalidProducerEpoch or ErrorCode.InvalidProducerIdMapping or ErrorCode.ProducerFenced when isIdempotent && restarts:
                return JudgeSequence(batch);
            case ErrorCode.UnknownServerError or ErrorCode.NetworkException or ErrorCode.RequestTimedOut or ErrorCode.NotEnoughReplicasAfterAppend or ErrorCode.KafkaStorageError:
                batch.IsDoubtful = isIdempotent;
                break;
        }

        return code.IsRetriable() ? Verdict.Again : Verdict.Lost;
    }

    /// <summary>The broker has lost count of this producer, so this attempt was not written. Was another?</summary>
    private Verdict JudgeSequence(TBatch batch)
    {
        if (_isSettling)
        {
            // One before it was lost: there is the gap, and none of its attempts can have come past it.
            batch.IsDoubtful = false;
            return Verdict.Again;
        }

        if (batch.IsDoubtful) return Verdict.Lost;
        _needsEpoch = true;
        _isSettling = true;
        return Verdict.Again;
    }

    private void Remove(TBatch batch)
    {
        if (!_batches.Remove(batch) || !isIdempotent) return;
        _needsEpoch |= batch.IsDoubtful;
        _isSettling = true;
    }

    private void Settle()
    {
        if (_isSettling && IsSettled && !_needsEpoch) Renumber();
    }

    private void Renumber()
    {
        _next = _expected;
        foreach (var batch in _batches)
        {
            batch.Sequence = _next;
            _next = Behind(_next, batch.Count);
        }

        _isSettling = false;
    }

    private void Expect(int sequence)
    {
        // Sequences wrap, so what is half of them ahead is behind.
        if (((sequence - _expected) & int.MaxValue) < 1 << 30) _expected = sequence;
    }

    /// <summary>Sequences begin at 0 again behind the largest number.</summary>
    private static int Behind(int sequence, int count) => (int)(((long)sequence + count) & int.MaxValue);
}
