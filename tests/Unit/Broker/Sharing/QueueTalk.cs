using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Sharing;

/// <summary>A broker with a topic <c>t</c> that a share group reads as a queue, and what is said to it.</summary>
internal sealed class QueueTalk(TestBroker broker, Conversation client) : IAsyncDisposable
{
    private const sbyte OfGroup = 32;

    public Uuid Topic { get; private set; }

    public TestBroker Broker => broker;

    public Conversation Client => client;

    public static async Task<QueueTalk> StartAsync(IFileSystem? disk = null, Dictionary<string, string>? settings = null, LogLines? log = null)
    {
        var all = new Dictionary<string, string>(settings ?? []) { ["share.coordinator.state.topic.num.partitions"] = "1", ["group.share.min.record.lock.duration.ms"] = "1000" };
        var broker = await TestBroker.StartAsync(options => log is null ? options : options with { Logs = log }, disk, all);
        return new QueueTalk(broker, await broker.ConnectAsync());
    }

    /// <summary>Finds what another broker has left on the disk.</summary>
    public async Task FindAsync() => Topic = await client.CreateAsync("t");

    /// <summary>Makes the topic, and the group's state in it.</summary>
    public async Task MakeAsync()
    {
        await FindAsync();
        var request = new InitializeShareGroupStateRequest { GroupId = ShareMember.Group, Topics = [new() { TopicId = Topic, Partitions = [new() { Partition = 0, StateEpoch = 1, StartOffset = 0 }] }] };
        var response = Assert.IsType<InitializeShareGroupStateResponse>(await broker.Server.Coordinators!.Peers.AskAsync(request));
        Assert.Equal(ErrorCode.None, response.Results[0].Partitions[0].ErrorCode);
    }

    public Task SetAsync(params (string Name, string Value)[] settings) => SetAsync(OfGroup, ShareMember.Group, settings);

    public async Task SetAsync(sbyte type, string resource, params (string Name, string Value)[] settings)
    {
        var request = new IncrementalAlterConfigsRequest { Resources = [new() { ResourceType = type, ResourceName = resource }] };
        foreach (var (name, value) in settings) request.Resources[0].Configs.Add(new() { Name = name, Value = value });
        var altered = await client.AskAsync<IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, 1, request);
        Assert.Equal((ErrorCode.None, null), (altered.Responses[0].ErrorCode, altered.Responses[0].ErrorMessage));
    }

    /// <summary>One batch; a record is its key, or a dot for none, and its value is its place in the batch.</summary>
    public async Task ProduceAsync(string keys, CompressionType compression = CompressionType.None)
    {
        using var builder = new RecordBatchBuilder(compression);
        for (var i = 0; i < keys.Length; i++)
        {
            OptionalBytes key = keys[i] == '.' ? OptionalBytes.Null : Encoding.UTF8.GetBytes([keys[i]]);
            builder.Append(1_700_000_000_000 + i, key, Encoding.UTF8.GetBytes($"{keys[i]}{i}"), [new RecordHeader("from", "a test"u8.ToArray())]);
        }

        var produced = await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("t", builder.Finish(new BatchOptions()).ToArray()));
        Assert.Equal(ErrorCode.None, produced.Responses[0].PartitionResponses[0].ErrorCode);
    }

    public async Task MakeDeadAsync(string topic = "dlq.t", params (string Name, string Value)[] settings)
    {
        var request = new CreateTopicsRequest { TimeoutMs = 30_000, Topics = [new() { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }] };
        foreach (var (name, value) in (IEnumerable<(string, string)>)[("errors.deadletterqueue.group.enable", "true"), .. settings]) request.Topics[0].Configs.Add(new() { Name = name, Value = value });
        var created = await client.AskAsync<CreateTopicsResponse>(ApiKey.CreateTopics, 7, request);
        Assert.Equal((ErrorCode.None, null), (created.Topics[0].ErrorCode, created.Topics[0].ErrorMessage));
    }

    /// <summary>What is stored of a record; null where nothing is.</summary>
    public async Task<string?> StoredAsync(long offset)
    {
        var request = new ReadShareGroupStateRequest { GroupId = ShareMember.Group, Topics = [new() { TopicId = Topic, Partitions = [new() { Partition = 0, LeaderEpoch = -1 }] }] };
        var row = Assert.IsType<ReadShareGroupStateResponse>(await broker.Server.Coordinators!.Peers.AskAsync(request)).Results[0].Partitions[0];
        if (offset < row.StartOffset) return "done";
        return row.StateBatches.Where(batch => batch.FirstOffset <= offset && offset <= batch.LastOffset).Select(static batch => $"{batch.DeliveryState}x{batch.DeliveryCount}").FirstOrDefault();
    }

    /// <summary>Waits until so many dead letters are there: key=value, their headers, between bars.</summary>
    public async Task<List<string>> LettersAsync(int count, string topic = "dlq.t")
    {
        await Eventually(() => broker.Server.Topics.Find(topic)?.Find(0) is { } partition && partition.HighWatermark >= count, $"{count} dead letters");
        return await LettersAsync(topic);
    }

    public async Task<List<string>> LettersAsync(string topic)
    {
        var fetched = await client.AskAsync<FetchResponse>(ApiKey.Fetch, 12, Conversation.Fetch(topic, 0));
        var letters = new List<string>();
        using var scratch = new PooledBuffer();
        var batches = new BatchReader(fetched.Responses[0].Partitions[0].Records.Bytes.Span);
        while (batches.MoveNext())
        {
            var records = batches.Current.GetRecords(scratch);
            while (records.MoveNext()) letters.Add(Text(records));
        }

        return letters;
    }

    private static string Text(RecordReader record)
    {
        var text = new StringBuilder($"{Text(record.Key)}={Text(record.Value)}");
        var headers = record.Headers;
        while (headers.MoveNext()) text.Append(" | ").Append(headers.Key.Replace("__dlq.errors.", "", StringComparison.Ordinal)).Append(' ').Append(Text(headers.Value));
        return text.ToString();
    }

    private static string Text(OptionalBytes bytes) => bytes.IsNull ? "-" : Encoding.UTF8.GetString(bytes.Span);

    public async Task<ShareMember> JoinAsync(string name) => new(await broker.ConnectAsync(), name, Topic);

    public static async Task Eventually(Func<bool> holds, string what)
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (!holds())
        {
            Assert.True(DateTime.UtcNow < deadline, $"not in 30 s: {what}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await broker.DisposeAsync();
    }
}
