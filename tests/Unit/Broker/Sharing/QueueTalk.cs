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

    public static async Task<QueueTalk> StartAsync(IFileSystem? disk = null, Dictionary<string, string>? settings = null)
    {
        var all = new Dictionary<string, string>(settings ?? []) { ["share.coordinator.state.topic.num.partitions"] = "1", ["group.share.min.record.lock.duration.ms"] = "1000" };
        var broker = await TestBroker.StartAsync(disk: disk, settings: all);
        return new QueueTalk(broker, await broker.ConnectAsync());
    }

    /// <summary>Makes the topic, or finds it, and the group's state in it.</summary>
    public async Task MakeAsync()
    {
        Topic = await client.CreateAsync("t");
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
