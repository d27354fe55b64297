using Moldau.Compatibility.Records;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;

namespace Moldau.Compatibility.Wire;

/// <summary>A conversation of ours with the mock cluster's broker, about partition 0 of a topic.</summary>
internal sealed class MockBroker : IDisposable
{
    private const int MaxBytes = 8 << 20;
    private const int PatienceMs = 5000;

    private readonly WireClient _client;
    private readonly string _librdkafka;

    private MockBroker(WireClient client, string librdkafka, CommonVersions versions)
    {
        _client = client;
        _librdkafka = librdkafka;
        Versions = versions;
    }

    public CommonVersions Versions { get; }

    public static async Task<MockBroker> ConnectAsync(MockCluster cluster)
    {
        var client = await WireClient.ConnectAsync(cluster.Host, cluster.Port);
        try
        {
            return new MockBroker(client, cluster.Version, await client.NegotiateAsync());
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public Task<CommonVersions> VersionsAsync(short version) => _client.VersionsAsync(version);

    /// <summary>Asking creates the topic.</summary>
    public Task<MetadataResponse> MetadataAsync(string topic, short version) =>
        _client.AskAsync<MetadataResponse>(ApiKey.Metadata, version, new MetadataRequest
        {
            Topics = [new MetadataRequest.Topic { Name = topic }],
            AllowAutoTopicCreation = true,
        }, MockFaults.SurplusBytes(_librdkafka, ApiKey.Metadata, version));

    /// <returns>The offset that the batch was given.</returns>
    public async Task<long> ProduceAsync(string topic, ReadOnlyMemory<byte> batch, short version)
    {
        var response = await _client.AskAsync<ProduceResponse>(ApiKey.Produce, version, new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = PatienceMs,
            TopicData = [new ProduceRequest.Topic { Name = topic, PartitionData = [new ProduceRequest.Partition { Index = 0, Records = RecordData.Of(batch) }] }],
        });
        var partition = response.Responses[0].PartitionResponses[0];
        Ensure(partition.ErrorCode, $"Produce version {version}");
        return partition.BaseOffset;
    }

    /// <summary>Fetches until the offset is reached, one batch or many at a time, and reads what came.</summary>
    public async Task<List<FetchedRecord>> FetchAsync(string topic, Uuid topicId, long end, short version)
    {
        var records = new List<FetchedRecord>();
        for (var next = 0L; next < end;)
        {
            var response = await _client.AskAsync<FetchResponse>(ApiKey.Fetch, version, new FetchRequest
            {
                MaxWaitMs = PatienceMs,
                MinBytes = 1,
                MaxBytes = MaxBytes,
                Topics =
                [
                    new FetchRequest.FetchTopic
                    {
                        Topic = topic,
                        TopicId = topicId,
                        Partitions = [new FetchRequest.FetchPartition { Partition = 0, FetchOffset = next, PartitionMaxBytes = MaxBytes }],
                    },
                ],
            });
            var partition = response.Responses[0].Partitions[0];
            Ensure(partition.ErrorCode, $"Fetch version {version} at offset {next}");
            var came = FetchedRecord.ReadAll(partition.Records.Bytes);
            if (came.Count == 0) throw new InvalidDataException($"Fetch version {version}: nothing at offset {next}, with a high watermark of {partition.HighWatermark}");
            records.AddRange(came);
            next += came.Count;
        }

        return records;
    }

    public async Task<long> OffsetAsync(string topic, long timestamp, short version)
    {
        var response = await _client.AskAsync<ListOffsetsResponse>(ApiKey.ListOffsets, version, new ListOffsetsRequest
        {
            ReplicaId = -1,
            Topics = [new ListOffsetsRequest.Topic { Name = topic, Partitions = [new ListOffsetsRequest.Partition { PartitionIndex = 0, Timestamp = timestamp }] }],
        }, MockFaults.SurplusBytes(_librdkafka, ApiKey.ListOffsets, version));
        var partition = response.Topics[0].Partitions[0];
        Ensure(partition.ErrorCode, $"ListOffsets version {version}");
        return partition.Offset;
    }

    public void Dispose() => _client.Dispose();

    private static void Ensure(ErrorCode error, string what)
    {
        if (error != ErrorCode.None) throw new InvalidDataException($"{what} was answered with {error}");
    }
}
