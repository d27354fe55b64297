namespace Moldau.Storage.Checkpoints;

/// <summary>
/// Which leader's epoch wrote which offsets of a log. One writer changes it; any thread may ask. A new epoch is on disk
/// before anybody can learn it.
/// </summary>
public sealed class LeaderEpochCache
{
    private readonly LeaderEpochCheckpoint _checkpoint;
    private volatile EpochStart[] _entries;
    private bool _fileHasMore;
    private bool _fileHasWrongEnd;

    public LeaderEpochCache(LeaderEpochCheckpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        _checkpoint = checkpoint;
        _entries = checkpoint.Read();
    }

    public IReadOnlyList<EpochStart> Entries => _entries;

    public EpochStart? Latest => _entries is { Length: > 0 } entries ? entries[^1] : null;

    public EpochStart? Earliest => _entries is { Length: > 0 } entries ? entries[0] : null;

    /// <summary>
    /// The epoch writes from this offset on. Said for every append; only one that tells something new is written. Entries
    /// that contradict it, which a truncation has left, go. Where it throws nothing was learnt.
    /// </summary>
    public void Assign(int epoch, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var entries = _entries;
        if (entries.Length > 0 && entries[^1].Epoch == epoch && offset >= entries[^1].Offset)
        {
            // An append behind a truncation: the entries that the file still has lie above the end no longer, and
            // nothing after a crash would tell that they are wrong.
            if (_fileHasWrongEnd) Save();
            return;
        }

        var kept = entries.Length;
        while (kept > 0 && (entries[kept - 1].Epoch >= epoch || entries[kept - 1].Offset >= offset)) kept--;
        EpochStart[] next = [.. entries.AsSpan(0, kept), new EpochStart(epoch, offset)];
        Save(next);
        _entries = next;
    }

    /// <summary>
    /// The greatest epoch not above the one asked for, and where it ended; the latest one's end is the log's.
    /// </summary>
    public EpochEnd EndOffsetFor(int epoch, long logEndOffset)
    {
        var entries = _entries;
        if (epoch < 0 || entries.Length == 0 || epoch > entries[^1].Epoch) return EpochEnd.Unknown;
        if (epoch == entries[^1].Epoch) return new EpochEnd(epoch, logEndOffset);
        var next = 0;
        while (entries[next].Epoch <= epoch) next++;
        // An epoch before all that are known: whoever asks shares nothing below the first of them.
        return new EpochEnd(next == 0 ? epoch : entries[next - 1].Epoch, entries[next].Offset);
    }

    /// <summary>The epoch that wrote an offset; null below the first one known.</summary>
    public int? EpochOf(long offset)
    {
        var entries = _entries;
        for (var i = entries.Length - 1; i >= 0; i--)
        {
            if (entries[i].Offset <= offset) return entries[i].Epoch;
        }

        return null;
    }

    /// <summary>The log ends here now. The file follows with the next save or the next append.</summary>
    public void TruncateFromEnd(long endOffset)
    {
        var entries = _entries;
        var kept = entries.Length;
        while (kept > 0 && endOffset >= 0 && entries[kept - 1].Offset >= endOffset) kept--;
        if (kept == entries.Length) return;
        _fileHasWrongEnd = true;
        _entries = entries[..kept];
    }

    /// <summary>The log starts here now: the epoch in the middle of which that is starts there. The file follows with the next save.</summary>
    public void TruncateFromStart(long startOffset)
    {
        var entries = _entries;
        var removed = 0;
        while (removed < entries.Length && entries[removed].Offset <= startOffset) removed++;
        if (removed == 0) return;
        _fileHasMore = true;
        _entries = [new EpochStart(entries[removed - 1].Epoch, startOffset), .. entries.AsSpan(removed)];
    }

    /// <summary>
    /// The log ends here now, after a crash. As <see cref="TruncateFromEnd"/>, but the greatest epoch stays, as one that has
    /// written nothing yet: somebody may have seen it with offsets that are gone, and it is not to come twice.
    /// </summary>
    public void EndAt(long endOffset)
    {
        if (Latest is not { } greatest || greatest.Offset <= endOffset) return;
        TruncateFromEnd(endOffset);
        _entries = [.. _entries, greatest with { Offset = endOffset }];
    }

    /// <summary>Takes in what lies before the first entry. The file follows with the next save.</summary>
    /// <param name="earlier">Ascending; its last epoch may be that of the first entry, which then began earlier than it says.</param>
    public void Precede(IReadOnlyList<EpochStart> earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        if (earlier.Count == 0) return;
        var entries = _entries;
        var kept = entries.Length > 0 && entries[0].Epoch <= earlier[^1].Epoch ? entries.AsSpan(1) : entries;
        _fileHasMore = true;
        _entries = [.. earlier, .. kept];
    }

    /// <summary>Brings the file up to date, durably.</summary>
    public void Save()
    {
        if (_fileHasMore || _fileHasWrongEnd) Save(_entries);
    }

    private void Save(EpochStart[] entries)
    {
        _checkpoint.Write(entries);
        _fileHasMore = false;
        _fileHasWrongEnd = false;
    }
}
