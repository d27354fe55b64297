using Moldau.Bench.Harness;
using Moldau.Protocol.Records;
using Moldau.Storage.Logs;

namespace Moldau.Bench.Rows.Logs;

/// <summary>
/// Appends into the page cache, beside writing the same bytes to a bare file. Both begin each sample with an empty file, and
/// no flusher runs.
/// </summary>
internal static class LogAppendRows
{
    // An entry of the index now and then, and at each 64 MiB a checkpoint; the appends themselves allocate nothing.
    private const int BytesPerEntry = 64;

    public static IEnumerable<Row> All()
    {
        foreach (var durability in (LogDurability[])[LogDurability.PageCache, LogDurability.Fsync])
        {
            foreach (var row in Of("64 KiB", SampleBatch.OfSize(64 * 1024), timesPeer: 1.2, durability)) yield return row;
            foreach (var row in Of("one record", SampleBatch.OfOneRecord(), timesPeer: 1.5, durability)) yield return row;
            foreach (var row in Of("one record, idempotent", SampleBatch.OfOneRecord(producer: new ProducerIdentity(1, 0, 0)), timesPeer: 1.5, durability)) yield return row;
        }
    }

    private static IEnumerable<Row> Of(string name, byte[] batch, double timesPeer, LogDurability durability)
    {
        using var folder = new BenchFolder();
        var settings = LogSettings.Default with { Durability = durability };
        var waitsForDisk = durability == LogDurability.Fsync;
        var log = new Lazy<PartitionLog>(() => BenchLog.New(BenchLog.NewDisk(), folder["log-0"], settings));
        var file = new Lazy<BareFile>(() => new BareFile(folder["bare"]));
        var isIdempotent = RecordBatch.Read(batch).HasProducerId;
        var sequence = 0;
        yield return new Row(
            $"append {name}{(waitsForDisk ? ", fsync" : "")}",
            Unit.NanosecondsPerOperation,
            new Subject(times =>
            {
                var to = log.Value;
                for (; times > 0; times--)
                {
                    if (isIdempotent) SampleBatch.SetSequence(batch, sequence++);
                    BenchLog.Append(to, batch);
                }
            })
            {
                Prepare = () =>
                {
                    BenchLog.Empty(log.Value);
                    // Nobody waits here for the disk: what the last sample has asked for is done between two.
                    if (waitsForDisk) log.Value.Disk.Flusher.RunRound();
                },
            },
            new Subject(times =>
            {
                var to = file.Value;
                for (; times > 0; times--) to.Append(batch);
            })
            {
                Prepare = () => file.Value.Empty(),
            },
            new Goal(TimesPeer: timesPeer, BytesPerOperation: Math.Ceiling(BytesPerEntry * Math.Min(1.0, batch.Length / (double)settings.IndexIntervalBytes)))) { Note = waitsForDisk ? $"{batch.Length} B, asks for a flush that comes later, beside pwrite" : $"{batch.Length} B, page cache, beside pwrite" };
        if (log.IsValueCreated) log.Value.Release();
        if (file.IsValueCreated) file.Value.Dispose();
    }
}
