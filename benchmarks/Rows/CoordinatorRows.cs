using Moldau.Bench.Harness;
using Moldau.Coordination.Groups;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Records;

namespace Moldau.Bench.Rows;

/// <summary>What a coordinator knows is what its partition holds: how long it takes to read that again.</summary>
internal static class CoordinatorRows
{
    private const string Topic = "__consumer_offsets";
    private const int Offsets = 1_000_000;
    private const int PartitionsEach = 100;
    private const int BatchRecords = 5000;
    private const double MostMilliseconds = 2000;

    public static IEnumerable<Row> All()
    {
        var batches = new Lazy<List<byte[]>>(Batches);
        yield return new Row("coordinator: load 1,000,000 offsets", Unit.MillisecondsPerOperation, new Subject(times => Load(batches.Value, times)), new Subject(times => Walk(batches.Value, times)), new Goal(Value: MostMilliseconds))
        {
            Note = $"of {Offsets / PartitionsEach:N0} groups, on one thread; beside walking the records",
            Pace = Pace.Once,
        };
    }

    private static void Load(List<byte[]> batches, int times)
    {
        for (; times > 0; times--)
        {
            var machine = new GroupMachine(new UndoLog(), static () => new GroupRules(), new Random(1));
            using var replay = new ShardReplay(Topic, machine);
            foreach (var batch in batches) replay.Replay(RecordBatch.Read(batch));
        }
    }

    private static void Walk(List<byte[]> batches, int times)
    {
        using var scratch = new PooledBuffer(4096);
        var bytes = 0L;
        for (; times > 0; times--)
        {
            foreach (var batch in batches)
            {
                var records = RecordBatch.Read(batch).GetRecords(scratch);
                while (records.MoveNext()) bytes += records.Key.Length + records.Value.Length;
            }
        }

        GC.KeepAlive(bytes);
    }

    private static List<byte[]> Batches()
    {
        var batches = new List<byte[]>();
        using var builder = new RecordBatchBuilder();
        for (var i = 0; i < Offsets; i++)
        {
            // Groups come by turns, as compaction leaves them.
            var key = new OffsetCommitKey { Group = $"group-{i % (Offsets / PartitionsEach)}", Topic = "race", Partition = i / (Offsets / PartitionsEach) };
            var record = RecordForm.Encode(new ShardRecord(key, new OffsetCommitValue { Offset = i, CommitTimestamp = 1 }, 4), 1);
            builder.Append(record.Timestamp, record.Key, record.Value);
            if (i % BatchRecords != BatchRecords - 1) continue;
            batches.Add(builder.Finish(new BatchOptions()).ToArray());
            builder.Clear();
        }

        return batches;
    }
}
