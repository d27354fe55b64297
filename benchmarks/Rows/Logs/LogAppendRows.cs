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

    private static readonly LogSettings Settings = LogSettings.Default with { Durability = LogDurability.PageCache };

    public static IEnumerable<Row> All() => Of("64 KiB", SampleBatch.OfSize(64 * 1024), timesPeer: 1.2)
        .Concat(Of("one record", SampleBatch.OfOneRecord(), timesPeer: 1.5))
        .Concat(Of("one record, idempotent", SampleBatch.OfOneRecord(producer: new ProducerIdentity(1, 0, 0)), timesPeer: 1.5));

    private static IEnumerable<Row> Of(string name, byte[] batch, double timesPeer)
    {
        using var folder = new BenchFolder();
        var log = new Lazy<PartitionLog>(() => BenchLog.New(BenchLog.NewDisk(), folder["log-0"], Settings));
        var file = new Lazy<BareFile>(() => new BareFile(folder["bare"]));
        var isIdempotent = RecordBatch.Read(batch).HasProducerId;
        var sequence = 0;
        yield return new Row(
            $"append {name}",
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
                Prepare = () => BenchLog.Empty(log.Value),
            },
            new Subject(times =>
            {
                var to = file.Value;
                for (; times > 0; times--) to.Append(batch);
            })
            {
                Prepare = () => file.Value.Empty(),
            },
            new Goal(TimesPeer: timesPeer, BytesPerOperation: Math.Ceiling(BytesPerEntry * Math.Min(1.0, batch.Length / (double)Settings.IndexIntervalBytes)))) { Note = $"{batch.Length} B, page cache, beside pwrite" };
        if (log.IsValueCreated) log.Value.Release();
        if (file.IsValueCreated) file.Value.Dispose();
    }
}
