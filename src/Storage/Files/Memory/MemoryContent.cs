namespace Moldau.Storage.Files.Memory;

/// <summary>
/// One file's bytes as the page cache has them, what of it is on the disk, and the changes between the two in the order
/// they were made.
/// </summary>
internal sealed class MemoryContent
{
    private const int SectorSize = 512;

    private readonly List<Change> _pending = [];
    private byte[] _cached = [];
    private byte[] _durable = [];
    private int _durableLength;

    public int Length { get; private set; }

    public int Read(long position, Span<byte> destination)
    {
        if (position >= Length) return 0;
        var count = (int)Math.Min(destination.Length, Length - position);
        _cached.AsSpan((int)position, count).CopyTo(destination);
        return count;
    }

    public void Write(long position, ReadOnlySpan<byte> source)
    {
        var end = checked((int)(position + source.Length));
        Apply(ref _cached, (int)position, source);
        Length = Math.Max(Length, end);
        _pending.Add(new Change((int)position, source.ToArray(), NewLength: -1));
    }

    public void SetLength(int length)
    {
        Resize(ref _cached, Length, length);
        Length = length;
        _pending.Add(new Change(0, [], length));
    }

    public void Flush()
    {
        _durable = _cached.AsSpan(0, Length).ToArray();
        _durableLength = Length;
        _pending.Clear();
    }

    /// <summary>
    /// A flush that failed: the kernel takes the pages for clean from here on, so a later flush succeeds without them, and
    /// a crash loses them for sure. Reads still see them.
    /// </summary>
    public void ForgetPending() => _pending.Clear();

    /// <summary>The file as the machine finds it after losing power: what was durable, and of each later change, perhaps.</summary>
    public MemoryContent AfterCrash(Random chance)
    {
        var bytes = _durable.AsSpan(0, _durableLength).ToArray();
        var length = _durableLength;
        foreach (var change in _pending)
        {
            if (change.NewLength >= 0)
            {
                if (chance.Next(2) == 0) continue;
                Resize(ref bytes, length, change.NewLength);
                length = change.NewLength;
                continue;
            }

            // A file's size may reach the disk before its data: zeros then stand where the data should.
            var reached = chance.Next(4);
            if (reached == 0) continue;
            length = Math.Max(length, change.Position + change.Bytes.Length);
            if (bytes.Length < length) Array.Resize(ref bytes, length);
            if (reached == 1) continue;
            WriteSectors(bytes, change, whole: reached == 3, chance);
        }

        return new MemoryContent { _cached = bytes, Length = length, _durable = (byte[])bytes.Clone(), _durableLength = length };
    }

    private static void WriteSectors(byte[] bytes, Change change, bool whole, Random chance)
    {
        for (var done = 0; done < change.Bytes.Length;)
        {
            var position = change.Position + done;
            var count = Math.Min(SectorSize - position % SectorSize, change.Bytes.Length - done);
            if (whole || chance.Next(2) == 0) change.Bytes.AsSpan(done, count).CopyTo(bytes.AsSpan(position));
            done += count;
        }
    }

    private static void Apply(ref byte[] bytes, int position, ReadOnlySpan<byte> source)
    {
        var end = position + source.Length;
        if (bytes.Length < end) Array.Resize(ref bytes, Math.Max(end, bytes.Length * 2));
        source.CopyTo(bytes.AsSpan(position));
    }

    private static void Resize(ref byte[] bytes, int from, int to)
    {
        if (bytes.Length < to) Array.Resize(ref bytes, to);
        // What is cut off must not come back when the file grows again.
        if (to < from) bytes.AsSpan(to, from - to).Clear();
    }

    /// <summary>A write, or a new length where that is not negative.</summary>
    private sealed record Change(int Position, byte[] Bytes, int NewLength);
}
