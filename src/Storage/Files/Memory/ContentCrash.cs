namespace Moldau.Storage.Files.Memory;

/// <summary>
/// One file's bytes after the power was cut. A disk writes whole sectors, in any order: each is found as it was after
/// some number of the changes since the last flush, and so is the length, which may have come before its data (zeros
/// stand there then) or not at all. Bytes no change touched are found as they were flushed.
/// A cut is a matter of the file system's journal: where it is in force nothing behind it comes back, and what was
/// written behind it afterwards is found only where the cut is in force.
/// </summary>
internal sealed class ContentCrash
{
    private const int SectorSize = 512;

    private readonly List<ContentChange> _changes;
    private readonly Random _chance;
    private readonly Reach _reach;
    private readonly int _wholeChanges;
    private readonly int _lengthVersion;
    private readonly Dictionary<long, int> _versions = [];

    private ContentCrash(List<ContentChange> changes, Random chance)
    {
        _changes = changes;
        _chance = chance;
        _reach = (Reach)chance.Next((int)Reach.Anything + 1);
        _wholeChanges = chance.Next(changes.Count);
        _lengthVersion = _reach switch
        {
            Reach.Nothing => 0,
            Reach.UpToOne => _wholeChanges + chance.Next(2),
            Reach.Anything => chance.Next(changes.Count + 1),
            _ => changes.Count,
        };
    }

    private enum Reach
    {
        Nothing,
        All,
        OnlyLength,

        /// <summary>The first so many changes, and the next one torn.</summary>
        UpToOne,

        /// <summary>Any sector in any of its versions.</summary>
        Anything,
    }

    public static MemoryBytes Survivor(MemoryBytes durable, List<ContentChange> changes, Random chance)
    {
        var bytes = durable.Copy();
        if (changes.Count > 0) new ContentCrash(changes, chance).Apply(bytes);
        return bytes;
    }

    private void Apply(MemoryBytes bytes)
    {
        var length = bytes.Length;
        var firstUnreachable = long.MaxValue;
        for (var i = 0; i < _changes.Count; i++)
        {
            var change = _changes[i];
            var lengthReached = i < _lengthVersion;
            if (!change.IsLength)
            {
                if (lengthReached) length = Math.Max(length, change.Position + change.Bytes.Length);
                WriteSectors(bytes, change, i, firstUnreachable);
            }
            else if (lengthReached)
            {
                length = change.NewLength;
                bytes.SetLength(length);
            }
            else
            {
                firstUnreachable = Math.Min(firstUnreachable, (change.NewLength + SectorSize - 1) / SectorSize);
            }
        }

        bytes.SetLength(length);
    }

    private void WriteSectors(MemoryBytes bytes, ContentChange change, int index, long firstUnreachable)
    {
        for (var done = 0; done < change.Bytes.Length;)
        {
            var position = change.Position + done;
            var count = (int)Math.Min(SectorSize - position % SectorSize, change.Bytes.Length - done);
            var sector = position / SectorSize;
            if (sector < firstUnreachable && index < VersionOf(sector)) bytes.Write(position, change.Bytes.AsSpan(done, count));
            done += count;
        }
    }

    private int VersionOf(long sector)
    {
        if (_reach == Reach.All) return _changes.Count;
        if (_reach is Reach.Nothing or Reach.OnlyLength) return 0;
        if (!_versions.TryGetValue(sector, out var version))
        {
            version = _reach == Reach.UpToOne ? _wholeChanges + _chance.Next(2) : _chance.Next(_changes.Count + 1);
            _versions[sector] = version;
        }

        return version;
    }
}
