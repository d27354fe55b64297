namespace Moldau.Storage.Files.Memory;

/// <summary>
/// The bytes of one file, in pages that are made when they are first written: growing copies nothing, and a hole costs
/// nothing. What is not written is zero.
/// </summary>
internal sealed class MemoryBytes
{
    private const int PageBits = 16;
    private const int PageSize = 1 << PageBits;
    private const int SmallestPage = 256;

    // A page may be shorter than PageSize, and empty; what it lacks is zeros. Bytes behind Length are always zeros.
    private readonly List<byte[]> _pages = [];

    public long Length { get; private set; }

    public int Read(long position, Span<byte> destination)
    {
        if (position >= Length) return 0;
        var count = (int)Math.Min(destination.Length, Length - position);
        for (var done = 0; done < count;)
        {
            var (page, start) = Place(position + done);
            var part = destination.Slice(done, Math.Min(count - done, PageSize - start));
            var there = page < _pages.Count ? Math.Clamp(_pages[page].Length - start, 0, part.Length) : 0;
            if (there > 0) _pages[page].AsSpan(start, there).CopyTo(part);
            part[there..].Clear();
            done += part.Length;
        }

        return count;
    }

    public void Write(long position, ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty) return;
        for (var done = 0; done < source.Length;)
        {
            var (page, start) = Place(position + done);
            var part = source.Slice(done, Math.Min(source.Length - done, PageSize - start));
            part.CopyTo(PageWith(page, start + part.Length).AsSpan(start));
            done += part.Length;
        }

        Length = Math.Max(Length, position + source.Length);
    }

    public void SetLength(long length)
    {
        if (length < Length)
        {
            // What is cut off must not come back when the file grows again.
            var (page, start) = Place(length);
            if (page < _pages.Count && start < _pages[page].Length) _pages[page].AsSpan(start).Clear();
            var kept = start == 0 ? page : page + 1;
            if (kept < _pages.Count) _pages.RemoveRange(kept, _pages.Count - kept);
        }

        Length = length;
    }

    public MemoryBytes Copy()
    {
        var copy = new MemoryBytes { Length = Length };
        foreach (var page in _pages) copy._pages.Add(page.Length == 0 ? page : (byte[])page.Clone());
        return copy;
    }

    private byte[] PageWith(int page, int end)
    {
        while (_pages.Count <= page) _pages.Add([]);
        var found = _pages[page];
        if (found.Length >= end) return found;
        // Small files stay small; a page that grows at all soon has its full size.
        Array.Resize(ref found, Math.Min(PageSize, Math.Max(SmallestPage, Math.Max(end, found.Length * 2))));
        return _pages[page] = found;
    }

    private static (int Page, int Start) Place(long position) =>
        (checked((int)(position >> PageBits)), (int)(position & (PageSize - 1)));
}
