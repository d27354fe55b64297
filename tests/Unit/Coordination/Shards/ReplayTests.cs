using System.Diagnostics;
using Moldau.Coordination.Groups;
using Moldau.Coordination.Groups.Offsets;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Xunit;

namespace Moldau.Unit.Coordination.Shards;

public class ReplayTests(ITestOutputHelper output)
{
    private const string Topic = "__consumer_offsets";

    [Fact]
    public void Records_of_a_kind_that_is_not_known_are_passed_over()
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(1, new byte[] { 0x7F, 0x00, 1, 2, 3 }, new byte[] { 0, 0, 9 });
        Add(builder, "g", 0, 5);
        var machine = NewMachine();

        Replay(machine, builder.Finish(new BatchOptions()));

        Assert.Equal(5, machine.Offsets.Store.Find("g", new TopicPart("t", 0))!.Offset);
    }

    [Fact]
    public void A_tombstone_forgets()
    {
        using var builder = new RecordBatchBuilder();
        Add(builder, "g", 0, 5);
        var gone = RecordForm.Encode(new ShardRecord(new OffsetCommitKey { Group = "g", Topic = "t" }, null, -1), 1);
        builder.Append(1, gone.Key, gone.Value);
        var machine = NewMachine();

        Replay(machine, builder.Finish(new BatchOptions()));

        Assert.False(machine.Offsets.Store.Has("g"));
    }

    [Fact]
    public void Offsets_that_are_read_one_after_the_other_share_nothing()
    {
        using var builder = new RecordBatchBuilder();
        var topic = new Uuid(1, 2);
        var rich = new OffsetCommitValue { Offset = 5, LeaderEpoch = 3, Metadata = "words", CommitTimestamp = 7, TopicId = topic };
        Add(builder, new OffsetCommitKey { Group = "g", Topic = "t", Partition = 0 }, rich, 4);
        Add(builder, new OffsetCommitKey { Group = "h", Topic = "u", Partition = 1 }, new OffsetCommitValue { Offset = 6, CommitTimestamp = 8 }, 1);
        Add(builder, new OffsetCommitKey { Group = "g", Topic = "t", Partition = 2 }, null, -1);
        Add(builder, new OffsetCommitKey { Group = "g", Topic = "t", Partition = 1 }, new OffsetCommitValue { Offset = 7, CommitTimestamp = 9 }, 4);
        var machine = NewMachine();

        Replay(machine, builder.Finish(new BatchOptions()));

        var store = machine.Offsets.Store;
        Assert.Equal(new CommittedOffset(5, 3, "words", 7, -1, topic, 1), store.Find("g", new TopicPart("t", 0)));
        Assert.Equal(new CommittedOffset(6, -1, "", 8, -1, Uuid.Zero, 2), store.Find("h", new TopicPart("u", 1)));
        Assert.Equal(new CommittedOffset(7, -1, "", 9, -1, Uuid.Zero, 3), store.Find("g", new TopicPart("t", 1)));
    }

    [Fact]
    public void Offsets_of_a_transaction_count_from_its_marker_on()
    {
        using var builder = new RecordBatchBuilder();
        Add(builder, "g", 0, 5);
        var machine = NewMachine();
        var producer = new ProducerIdentity(7, 1, 0);
        Replay(machine, builder.Finish(new BatchOptions { Producer = producer, IsTransactional = true }));
        Assert.Null(machine.Offsets.Store.Find("g", new TopicPart("t", 0)));

        using var marker = new RecordBatchBuilder();
        new TransactionMarker(ControlRecordType.Commit, 0).AppendTo(marker, 1);
        Replay(machine, marker.Finish(new BatchOptions { Producer = producer with { BaseSequence = -1 }, IsTransactional = true, IsControl = true }));

        Assert.Equal(5, machine.Offsets.Store.Find("g", new TopicPart("t", 0))!.Offset);
    }

    [Fact]
    [Trait("Pace", "slow")]
    public void A_million_offsets_are_replayed()
    {
        var batches = new List<byte[]>();
        using var builder = new RecordBatchBuilder();
        for (var i = 0; i < 1_000_000; i++)
        {
            Add(builder, $"group-{i / 1000}", i % 1000, i);
            if (i % 5000 != 4999) continue;
            batches.Add(builder.Finish(new BatchOptions()).ToArray());
            builder.Clear();
        }

        var machine = NewMachine();
        var watch = Stopwatch.StartNew();
        using (var replay = new ShardReplay(Topic, machine))
        {
            foreach (var batch in batches) replay.Replay(RecordBatch.Read(batch));
        }

        output.WriteLine($"{watch.ElapsedMilliseconds} ms");
        Assert.Equal(1000, machine.Offsets.Store.Groups.Count());
    }

    private static GroupMachine NewMachine() => new(new UndoLog(), static () => new GroupRules(), new Random(1));

    private static void Add(RecordBatchBuilder builder, string group, int partition, long offset)
    {
        var key = new OffsetCommitKey { Group = group, Topic = "t", Partition = partition };
        var record = RecordForm.Encode(new ShardRecord(key, new OffsetCommitValue { Offset = offset, CommitTimestamp = 1 }, 4), 1);
        builder.Append(record.Timestamp, record.Key, record.Value);
    }

    private static void Add(RecordBatchBuilder builder, OffsetCommitKey key, OffsetCommitValue? value, short version)
    {
        var record = RecordForm.Encode(new ShardRecord(key, value, version), 1);
        builder.Append(record.Timestamp, record.Key, record.Value);
    }

    private static void Replay(GroupMachine machine, ReadOnlyMemory<byte> batch)
    {
        using var replay = new ShardReplay(Topic, machine);
        replay.Replay(RecordBatch.Read(batch.Span));
    }
}
