using Moldau.Compatibility.Wire;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Xunit;

namespace Moldau.Compatibility.Serving;

/// <summary>A topic whose records hold their own offsets: what was acknowledged is there, once, and in order, or it is told what is wrong.</summary>
internal static class CountedTopic
{
    public static async Task CreateAsync(BrokerProcess broker, string topic, int partitions)
    {
        using var client = await broker.ConnectAsync();
        var created = await client.AskAsync<CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest
        {
            Topics = [new CreateTopicsRequest.Topic { Name = topic, NumPartitions = partitions, ReplicationFactor = -1, Configs = [new CreateTopicsRequest.Config { Name = "segment.bytes", Value = "1048576" }] }],
        });
        Assert.Equal(ErrorCode.None, created.Topics[0].ErrorCode);
    }

    /// <returns>What is lost, doubled or not in its place; null where nothing is.</returns>
    public static async Task<string?> FindLossAsync(BrokerProcess broker, string topic, IEnumerable<CountingProducer> producers)
    {
        using var client = await broker.ConnectAsync();
        foreach (var producer in producers)
        {
            var (count, wrong) = await CountAsync(client, topic, producer.Partition);
            if (wrong is not null) return $"{topic}-{producer.Partition}: {wrong}";
            if (count < producer.Acknowledged) return $"{topic}-{producer.Partition}: {producer.Acknowledged} acknowledged, {count} there";
        }

        return null;
    }

    /// <summary>How many records there are; each must hold its own offset.</summary>
    private static async Task<(int Count, string? Wrong)> CountAsync(WireClient client, string topic, int partition)
    {
        var next = 0;
        while (true)
        {
            var fetched = (await client.AskAsync<FetchResponse>(ApiKey.Fetch, 12, new FetchRequest
            {
                MaxBytes = 1 << 20,
                Topics = [new FetchRequest.FetchTopic { Topic = topic, Partitions = [new FetchRequest.FetchPartition { Partition = partition, FetchOffset = next, PartitionMaxBytes = 1 << 20 }] }],
            })).Responses[0].Partitions[0];
            if (fetched.ErrorCode != ErrorCode.None) return (next, $"{fetched.ErrorCode} at offset {next}");
            if (fetched.Records.Length == 0) return (next, null);
            if (Read(fetched.Records, ref next) is { } wrong) return (next, wrong);
        }
    }

    private static string? Read(RecordData fetched, ref int next)
    {
        using var scratch = new PooledBuffer();
        var batches = new BatchReader(fetched.Bytes.Span);
        while (batches.MoveNext())
        {
            var batch = batches.Current;
            batch.EnsureChecksum();
            var records = batch.GetRecords(scratch);
            while (records.MoveNext())
            {
                var offset = batch.BaseOffset + records.OffsetDelta;
                if (offset < next) continue;
                var value = BitConverter.ToInt32(records.Value.Span);
                if (offset != next || value != next) return $"record {value} at offset {offset}, where {next} is expected";
                next++;
            }
        }

        return null;
    }
}
