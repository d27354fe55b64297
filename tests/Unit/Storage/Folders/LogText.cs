using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Folders;

/// <summary>What consumers would read of a log, as text.</summary>
internal static class LogText
{
    public static List<string> Values(PartitionLog log)
    {
        var values = new List<string>();
        var offset = log.StartOffset;
        while (true)
        {
            var read = log.Read(offset, 1 << 20, long.MaxValue);
            Assert.Equal(LogReadOutcome.Read, read.Outcome);
            using var slice = read.Slice;
            if (slice.Length == 0) return values;
            offset = Collect(slice, offset, values);
        }
    }

    private static long Collect(LogSlice slice, long from, List<string> values)
    {
        var bytes = new byte[slice.Length];
        Assert.Equal(bytes.Length, slice.Read(0, bytes));
        using var scratch = new PooledBuffer();
        var reader = new BatchReader(bytes);
        var next = from;
        while (reader.MoveNext())
        {
            var batch = reader.Current;
            batch.EnsureChecksum();
            next = batch.LastOffset + 1;
            if (batch.Attributes.IsControl) continue;
            var records = batch.GetRecords(scratch);
            while (records.MoveNext())
            {
                if (batch.BaseOffset + records.OffsetDelta >= from) values.Add(Encoding.UTF8.GetString(records.Value.Span));
            }
        }

        return next;
    }
}
