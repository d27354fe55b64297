using Moldau.Protocol.Compression;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Folders;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;
using Moldau.Unit.Storage.Facts;
using Moldau.Unit.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Folders;

/// <summary>A small data folder with a bit of everything that format 1 has; the same bytes each time it is made.</summary>
internal static class SampleFolder
{
    public const long BrokerEpoch = 7;

    private static readonly LogSettings s_settings = new() { SegmentBytes = 4_000, IndexIntervalBytes = 500, RetentionMilliseconds = -1 };

    private static readonly Uuid s_orders = new(10, 1);
    private static readonly Uuid s_payments = new(10, 2);

    /// <summary>orders-0: all codecs and many segments. orders-1: deleted records, epochs. orders-2: nothing. payments-0: transactions.</summary>
    public static HostedLog[] Logs { get; } =
    [
        new(new PartitionName("orders", 0), s_orders, s_settings),
        new(new PartitionName("orders", 1), s_orders, s_settings),
        new(new PartitionName("orders", 2), s_orders, s_settings),
        new(new PartitionName("payments", 0), s_payments, s_settings),
    ];

    public static async Task<MemoryFileSystem> MakeAsync()
    {
        var disk = new MemoryFileSystem();
        var folder = new TestFolder(disk).Open();
        await using (var facts = FactCalls.Open(disk))
        {
            await facts.PutAsync("topic/orders", "3 partitions");
            await facts.PutAsync("topic/payments", "1 partition");
        }

        folder.Folder.CreateLogs(Logs);
        FillCodecs(folder, folder.Folder.Find(Logs[0].Name)!);
        FillEpochs(folder, folder.Folder.Find(Logs[1].Name)!);
        FillTransactions(folder, folder.Folder.Find(Logs[3].Name)!);
        folder.Flush();
        folder.Folder.SaveStartOffsets();
        folder.Folder.SaveCompacted();
        Assert.Empty(folder.Folder.Close(BrokerEpoch).Obstacles);
        return disk;
    }

    /// <summary>What every build must find in it.</summary>
    public static async Task CheckAsync(IFileSystem disk, bool wasClosed)
    {
        var folder = new TestFolder(disk).Take();
        var opened = folder.Folder.OpenLogs(Logs);
        Assert.Equal(wasClosed ? BrokerEpoch : null, folder.Folder.EpochAtStop);
        Assert.Equal(wasClosed ? 0 : 1, opened.Notes.Count);
        Assert.All(opened.Logs, static log => Assert.NotNull(log.Log));
        CheckCodecs(folder.Folder.Find(Logs[0].Name)!);
        CheckEpochs(folder.Folder.Find(Logs[1].Name)!, wasClosed);
        Assert.Equal((0, 0), (folder.Folder.Find(Logs[2].Name)!.StartOffset, folder.Folder.Find(Logs[2].Name)!.EndOffset));
        CheckTransactions(folder.Folder.Find(Logs[3].Name)!, wasClosed);
        await using var facts = FactCalls.Open(disk);
        Assert.Equal("topic/orders=3 partitions@1/1 topic/payments=1 partition@2/2", FactCalls.Show(facts.Read()));
    }

    private static void FillCodecs(TestFolder folder, PartitionLog log)
    {
        for (var i = 0; i < 60; i++)
        {
            folder.Clock.Milliseconds++;
            Append(log, 0, TestLog.Batch(folder.Clock.Milliseconds, [$"{i}: one of many words, many words", $"{i}: another one of many words"], codec: (CompressionType)(i % 5)));
        }

        log.CompactedUpTo = 10;
    }

    private static void CheckCodecs(PartitionLog log)
    {
        var values = LogText.Values(log);
        Assert.Equal(120, values.Count);
        for (var i = 0; i < 60; i++) Assert.Equal([$"{i}: one of many words, many words", $"{i}: another one of many words"], values.GetRange(i * 2, 2));
        Assert.True(log.Segments.Count > 1);
        Assert.Equal(10, log.CompactedUpTo);
        Assert.Equal(118, log.FindMaxTimestamp()!.Value.Offset);
        Assert.Equal(20, log.FindTimestamp(new ManualClock().Milliseconds + 11)!.Value.Offset);
    }

    private static void FillEpochs(TestFolder folder, PartitionLog log)
    {
        for (var epoch = 0; epoch < 5; epoch++)
        {
            for (var i = 0; i < 4; i++) Append(log, epoch * 2, TestLog.Batch(folder.Clock.Milliseconds, [$"epoch {epoch * 2}"]));
        }

        folder.Flush();
        Assert.True(log.MoveStart(6));
    }

    private static void CheckEpochs(PartitionLog log, bool wasClosed)
    {
        Assert.Equal((6, 20), (log.StartOffset, log.EndOffset));
        Assert.Equal([(2, 6), (4, 8), (6, 12), (8, 16)], log.Epochs.Entries.Select(static entry => (entry.Epoch, (int)entry.Offset)));
        Assert.Equal(wasClosed ? 8 : 9, log.LowestEpoch);
        Assert.Equal("epoch 2", LogText.Values(log)[0]);
    }

    private static void FillTransactions(TestFolder folder, PartitionLog log)
    {
        for (var i = 0; i < 6; i++)
        {
            var producer = 1000 + (i % 2);
            Produce(folder, log, producer, i / 2, $"transaction {i}");
            Append(log, 3, TestLog.Batch(folder.Clock.Milliseconds, [$"plain {i}"], new ProducerIdentity(2000, 0, i)));
            Assert.Equal(AppendOutcome.Appended, log.AppendMarker(TestLog.Marker(producer, 0, isAbort: i % 3 == 1, folder.Clock.Milliseconds), 3, bumpsEpoch: false).Outcome);
        }

        // One stays open.
        Produce(folder, log, 1002, 0, "undecided");
    }

    private static void CheckTransactions(PartitionLog log, bool wasClosed)
    {
        Assert.Equal(13, LogText.Values(log).Count);
        var aborted = new List<AbortedTransaction>();
        log.CollectAborted(0, log.EndOffset, aborted);
        Assert.Equal([(1001, 3, 5), (1000, 12, 14)], aborted.Select(static transaction => ((int)transaction.ProducerId, (int)transaction.FirstOffset, (int)transaction.LastOffset)));
        Assert.Equal(18, log.Producers.FirstUndecidedOffset);
        Assert.True(log.Producers.TryGet(2000, out var plain));
        Assert.Equal((5, 16), (plain.LastSequence, plain.LastOffset));
        var again = log.Append(TestLog.Batch(0, ["plain 5"], new ProducerIdentity(2000, 0, 5)), wasClosed ? 3 : 4);
        Assert.Equal((AppendOutcome.Duplicate, 16), (again.Outcome, again.BaseOffset));
    }

    private static void Produce(TestFolder folder, PartitionLog log, long producer, int sequence, string value)
    {
        log.Producers.BeginVerification(producer, 0, sequence, false, folder.Clock.Milliseconds, out var guard);
        var batch = TestLog.Batch(folder.Clock.Milliseconds, [value], new ProducerIdentity(producer, 0, sequence), isTransactional: true);
        Assert.Equal(AppendOutcome.Appended, log.Append(batch, 3, AppendOrigin.Client, guard).Outcome);
    }

    private static void Append(PartitionLog log, int epoch, byte[] batch) => Assert.Equal(AppendOutcome.Appended, log.Append(batch, epoch).Outcome);
}
