using Moldau.Storage.Logs;

namespace Moldau.Unit.Storage.Simulation;

/// <summary>
/// One log as a careful user remembers it: the batches it took, in order, what of them was told to be on disk, and what
/// may be found besides, because it was tried and nobody was told that it succeeded.
/// </summary>
internal sealed class LogModel(string name)
{
    private readonly List<WrittenBatch> _attempts = [];
    private readonly List<WrittenBatch> _lost = [];
    private long _firstOffset;
    private long _unfinishedCut = long.MaxValue;
    private long? _newBeginning;
    private bool _powerWasLost;

    public string Name { get; } = name;

    /// <summary>All that the log took and has not lost, those below its start among them; without a gap.</summary>
    public List<WrittenBatch> Batches { get; } = [];

    /// <summary>What a reader has seen in the log and what is in it no more, except by retention.</summary>
    public IReadOnlyList<WrittenBatch> Lost => _lost;

    /// <summary>How often anything was lost, or cut.</summary>
    public int Losses { get; private set; }

    public long Start { get; private set; }

    /// <summary>
    /// Producers last heard of below it may be forgotten: a cut builds the states again from the start on, and a crash may
    /// take a start back that nobody has saved.
    /// </summary>
    public long ForgottenBelow { get; private set; }

    /// <summary>The start that was told to be on disk.</summary>
    public long SavedStart { get; set; }

    /// <summary>Below it everything was told to be on disk.</summary>
    public long Promised { get; private set; }

    public int HighestEpoch { get; private set; } = -1;

    /// <summary>That of any batch that was tried; written down before the batch.</summary>
    public int HighestTriedEpoch { get; private set; } = -1;

    public long End => Batches.Count == 0 ? _firstOffset : Batches[^1].LastOffset + 1;

    /// <summary>Notes a batch that is about to be given to the log.</summary>
    public WrittenBatch Attempt(byte[] bytes)
    {
        var batch = WrittenBatch.Of(bytes, Batches.Count == 0 ? null : Batches[^1]);
        _attempts.Add(batch);
        HighestTriedEpoch = Math.Max(HighestTriedEpoch, batch.Epoch);
        return batch;
    }

    public void Took(WrittenBatch batch)
    {
        _attempts.Remove(batch);
        Batches.Add(batch);
        HighestEpoch = Math.Max(HighestEpoch, batch.Epoch);
    }

    /// <summary>The log has answered, and did not try.</summary>
    public void Refused(WrittenBatch batch) => _attempts.Remove(batch);

    public void Promise(long offset)
    {
        if (offset > End) throw new BrokenGuaranteeException($"{Name}: durable up to {offset}, and ends at {End}");
        Promised = Math.Max(Promised, offset);
    }

    /// <summary>What was only in the page cache may be gone.</summary>
    public void PowerLost() => _powerWasLost = true;

    public void MovedStart(long offset) => Start = Math.Max(Start, offset);

    /// <summary>A cut begins: from here on what lies above may be there or not.</summary>
    public void Cutting(long offset)
    {
        _unfinishedCut = Math.Min(_unfinishedCut, offset);
        ForgottenBelow = Math.Max(ForgottenBelow, Start);
        Promised = Math.Min(Promised, offset);
    }

    public void Cut(long offset)
    {
        var kept = Batches.FindIndex(batch => batch.LastOffset >= offset);
        if (kept >= 0)
        {
            _lost.AddRange(Batches[kept..]);
            Batches.RemoveRange(kept, Batches.Count - kept);
        }

        Losses++;
        // Saved before the cut, for the producers' sake.
        SavedStart = Math.Max(SavedStart, Start);
        _attempts.Clear();
        _unfinishedCut = long.MaxValue;
        Promised = Math.Min(Promised, End);
    }

    /// <summary>The log is about to be emptied, and to go on from an offset.</summary>
    public void Beginning(long offset)
    {
        Cutting(0);
        _newBeginning = offset;
    }

    /// <summary>The log was emptied, durably, and goes on from an offset.</summary>
    public void BeganAt(long offset)
    {
        Cut(0);
        _lost.Clear();
        _newBeginning = null;
        (_firstOffset, Start, Promised, ForgottenBelow) = (offset, offset, offset, offset);
    }

    /// <summary>Compares with what is found in the log after a start, and goes on from there.</summary>
    /// <param name="start">Where the log starts.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="found">Its batches.</param>
    public void Found(long start, long end, List<byte[]> found)
    {
        // Emptied in part, it may begin at 0, as if it were new.
        if (start < SavedStart && (_newBeginning is null || found.Count > 0)) throw new BrokenGuaranteeException($"{Name}: starts at {start}, and was told to start at {SavedStart}");
        if (start > Start && (start != _newBeginning || found.Count > 0)) throw new BrokenGuaranteeException($"{Name}: starts at {start}, and was never moved above {Start}");
        var promised = _powerWasLost ? Promised : Math.Min(End, Math.Max(_unfinishedCut, Promised));
        if (end < promised) throw new BrokenGuaranteeException($"{Name}: ends at {end}, and was told to be durable up to {promised}; it has {_attempts.Count} attempts");
        var kept = new List<WrittenBatch>();
        foreach (var bytes in found) kept.Add(Match(bytes, kept, promised));
        var next = kept.Count == 0 ? start : kept[^1].LastOffset + 1;
        if (next != end) throw new BrokenGuaranteeException($"{Name}: its batches end at {next}, the log at {end}");
        if (kept.Count > 0 && kept[0].LastOffset < start) throw new BrokenGuaranteeException($"{Name}: read from {start}, and got the batch at {kept[0].BaseOffset}");
        if (start < Math.Min(promised, end) && kept.Count > 0 && kept[0].BaseOffset > start) throw new BrokenGuaranteeException($"{Name}: starts at {start}, and has nothing below {kept[0].BaseOffset}");
        Adopt(start, end, kept);
    }

    private WrittenBatch Match(byte[] bytes, List<WrittenBatch> before, long promised)
    {
        var described = WrittenBatch.Of(bytes, null);
        var place = Batches.FindIndex(batch => batch.BaseOffset == described.BaseOffset);
        var wanted = place < 0 ? null : Batches[place];
        if (wanted is not null && wanted.Bytes.AsSpan().SequenceEqual(bytes))
        {
            var previous = place == 0 ? null : Batches[place - 1];
            if (before.Count == 0 || before[^1] == previous) return wanted;
            throw new BrokenGuaranteeException($"{Name}: the batch at {described.BaseOffset} follows one at {before[^1].BaseOffset} that it was not written behind");
        }

        if (described.BaseOffset < promised) throw new BrokenGuaranteeException($"{Name}: the durable batch at {described.BaseOffset} has other bytes");
        foreach (var attempt in _attempts)
        {
            if (!attempt.Bytes.AsSpan().SequenceEqual(bytes)) continue;
            if (before.Count == 0 || before[^1] == attempt.Previous) return attempt;
        }

        throw new BrokenGuaranteeException($"{Name}: nobody wrote the batch at {described.BaseOffset}, epoch {described.Epoch}, behind {(before.Count == 0 ? -1 : before[^1].BaseOffset)}");
    }

    private void Adopt(long start, long end, List<WrittenBatch> kept)
    {
        var first = kept.Count == 0 ? start : kept[0].BaseOffset;
        foreach (var batch in Batches)
        {
            if (batch.BaseOffset < first || kept.Contains(batch)) continue;
            _lost.Add(batch);
            Losses++;
        }

        Batches.RemoveAll(batch => batch.BaseOffset >= first);
        // A log may have lost what lay between its last record and its start.
        if (End != first)
        {
            Batches.Clear();
            _firstOffset = first;
        }

        Batches.AddRange(kept);
        foreach (var batch in kept) HighestEpoch = Math.Max(HighestEpoch, batch.Epoch);
        _attempts.Clear();
        _unfinishedCut = long.MaxValue;
        _newBeginning = null;
        _powerWasLost = false;
        (Start, Promised, SavedStart) = (start, end, Math.Min(SavedStart, start));
        ForgottenBelow = Math.Max(ForgottenBelow, start);
    }
}
