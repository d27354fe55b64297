using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Records;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Partitions.Moving;

/// <summary>What the tests of moves ask of a broker.</summary>
internal static class MovingClient
{
    public static Dictionary<string, string> Folders(string paths = "/a,/b") => new() { ["log.dirs"] = paths };

    /// <summary>A topic whose segments are small enough for a move to have many of them.</summary>
    public static async Task CreateAsync(Conversation client, string topic, int partitions = 1, int segmentBytes = 600, string durability = "fsync")
    {
        var created = await client.AskAsync<CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest
        {
            Topics =
            [
                new CreateTopicsRequest.Topic
                {
                    Name = topic, NumPartitions = partitions, ReplicationFactor = -1,
                    Configs =
                    [
                        new CreateTopicsRequest.Config { Name = "internal.segment.bytes", Value = $"{segmentBytes}" },
                        new CreateTopicsRequest.Config { Name = "moldau.durability", Value = durability },
                    ],
                },
            ],
            TimeoutMs = 10_000,
        });
        Assert.Equal((ErrorCode.None, null), (created.Topics[0].ErrorCode, created.Topics[0].ErrorMessage));
    }

    public static async Task<ErrorCode> AlterAsync(Conversation client, string topic, int partition, string path) =>
        (await client.AskAsync<AlterReplicaLogDirsResponse>(ApiKey.AlterReplicaLogDirs, 2, Alter(topic, partition, path))).Results[0].Partitions[0].ErrorCode;

    public static AlterReplicaLogDirsRequest Alter(string topic, int partition, string path) => new()
    {
        Dirs = [new AlterReplicaLogDirsRequest.Dir { Path = path, Topics = [new AlterReplicaLogDirsRequest.Topic { Name = topic, Partitions = [partition] }] }],
    };

    /// <summary>Where a partition is, and where it is going; its folder, how many offsets are not there yet, and whether it is a copy.</summary>
    public static async Task<List<(string Folder, long Lag, bool IsFuture)>> WhereAsync(Conversation client, string topic, int partition)
    {
        var found = new List<(string, long, bool)>();
        var described = await client.AskAsync<DescribeLogDirsResponse>(ApiKey.DescribeLogDirs, 4, new DescribeLogDirsRequest { Topics = null });
        foreach (var folder in described.Results)
        {
            foreach (var part in folder.Topics.Where(described => described.Name == topic).SelectMany(static described => described.Partitions))
            {
                if (part.PartitionIndex == partition) found.Add((folder.LogDir, part.OffsetLag, part.IsFutureKey));
            }
        }

        return found;
    }

    public static async Task UntilInAsync(Conversation client, string topic, int partition, string folder)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await WhereAsync(client, topic, partition) is var where && (where.Count != 1 || where[0].Folder != folder))
        {
            Assert.False(patience.IsCancellationRequested, $"waited 30 s for {topic}-{partition} to be in {folder} alone; it is in {string.Join(", ", where)}");
            await Task.Delay(5, CancellationToken.None);
        }
    }

    public static async Task<ErrorCode> ProduceAsync(Conversation client, string topic, string value, int partition = 0, short acks = -1) =>
        (await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce(topic, Conversation.Batch(value), acks, partition))).Responses[0].PartitionResponses[0].ErrorCode;

    /// <summary>All values from an offset on, which must follow one upon the other.</summary>
    public static async Task<List<string>> ReadAsync(Conversation client, string topic, int partition, long from = 0, int maxBytes = 1 << 20)
    {
        var values = new List<string>();
        while (true)
        {
            var request = Conversation.Fetch(topic, from + values.Count);
            request.Topics[0].Partitions[0].Partition = partition;
            request.Topics[0].Partitions[0].PartitionMaxBytes = maxBytes;
            var found = (await client.AskAsync<FetchResponse>(ApiKey.Fetch, 12, request)).Responses[0].Partitions[0];
            Assert.Equal(ErrorCode.None, found.ErrorCode);
            if (found.Records.Length == 0) return values;
            Add(found.Records.Bytes.Span, from, values);
        }
    }

    private static void Add(ReadOnlySpan<byte> bytes, long from, List<string> values)
    {
        using var scratch = new Moldau.Protocol.Compression.PooledBuffer();
        var batches = new BatchReader(bytes);
        while (batches.MoveNext())
        {
            var records = batches.Current.GetRecords(scratch);
            while (records.MoveNext())
            {
                var offset = batches.Current.BaseOffset + records.OffsetDelta;
                if (offset < from + values.Count) continue;
                Assert.Equal(from + values.Count, offset);
                values.Add(System.Text.Encoding.UTF8.GetString(records.Value.Span));
            }
        }
    }
}
