using Moldau.Bench.Harness;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;

namespace Moldau.Bench.Rows.Logs;

/// <summary>Reads of what the page cache has, beside reading the same bytes of a bare file.</summary>
internal static class LogReadRows
{
    private const int Entries = 262_144;

    private static readonly LogSettings Settings = LogSettings.Default with { Durability = LogDurability.PageCache };
    private static long _read;

    public static IEnumerable<Row> All()
    {
        using (var content = new ReadContent(SampleBatch.OfSize(16 * 1024), Settings))
        {
            foreach (var (size, name, goal) in ((int, string, double)[])[(64 << 10, "64 KiB", 0.9), (1 << 20, "1 MiB", 0.95)])
            {
                var buffer = new byte[size];
                yield return new Row(
                    $"read {name} of a log",
                    Unit.GigabytesPerSecond,
                    new Subject(times => ReadLog(content, buffer, times), size) { Prepare = content.Fill },
                    new Subject(times => ReadBare(content, buffer, times), size) { Prepare = content.Fill },
                    new Goal(TimesPeer: goal, BytesPerOperation: 0)) { Note = "16 KiB batches, page cache, beside pread" };
            }
        }

        foreach (var (batch, name) in ((byte[], string)[])[(SampleBatch.OfSize(64 * 1024), "64 KiB"), (SampleBatch.OfOneRecord(), "one record")])
        {
            using var content = new ReadContent(batch, Settings);
            var header = new byte[1];
            yield return new Row(
                $"find an offset, batches of {name}",
                Unit.NanosecondsPerOperation,
                new Subject(times => FindInLog(content, times)) { Prepare = content.Fill },
                new Subject(times => ReadBare(content, header, times)) { Prepare = content.Fill },
                new Goal(Value: 3000, BytesPerOperation: 0)) { Note = "to a slice without its bytes, page cache, beside a pread of 1 B" };
        }

        yield return Lookup();
    }

    private static Row Lookup()
    {
        var index = new OffsetIndex(0);
        for (var i = 1; i <= Entries; i++) index.Add(i * 41L, i * 4096);
        var random = new Random(1);
        var offsets = new long[1 << 16];
        for (var i = 0; i < offsets.Length; i++) offsets[i] = random.NextInt64(Entries * 41L);
        return new Row(
            $"look an offset up among {Entries} entries",
            Unit.NanosecondsPerOperation,
            new Subject(times =>
            {
                // Where to look next hangs on what was found: two look-ups at once would be none that a reader has.
                for (; times > 0; times--) _read += index.Lookup(offsets[(times + _read) & (offsets.Length - 1)]).Position;
            }),
            Peer: null,
            new Goal(Value: 1000, BytesPerOperation: 0)) { Note = "the index of a segment of 1 GiB" };
    }

    private static void ReadLog(ReadContent content, byte[] buffer, int times)
    {
        var log = content.Log;
        var end = log.EndOffset;
        for (; times > 0; times--)
        {
            var read = log.Read(content.Next(buffer.Length).Offset, buffer.Length, end);
            using var slice = read.Slice;
            if (slice.Read(0, buffer) != buffer.Length) throw new InvalidDataException($"a read of {slice.Length} bytes, not of {buffer.Length}");
        }
    }

    private static void FindInLog(ReadContent content, int times)
    {
        var log = content.Log;
        var end = log.EndOffset;
        for (; times > 0; times--)
        {
            using var slice = log.Read(content.Next(1).Offset, 1, end).Slice;
            _read += slice.HandlePosition;
        }
    }

    private static void ReadBare(ReadContent content, byte[] buffer, int times)
    {
        for (; times > 0; times--) content.Bare.Read(content.Next(buffer.Length).Position, buffer);
    }
}
