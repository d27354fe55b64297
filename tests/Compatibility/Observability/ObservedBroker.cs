using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Compatibility.Clients;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Wire;
using Moldau.Host.Serving;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Xunit;

namespace Moldau.Compatibility.Observability;

/// <summary>A broker with its page of metrics, and a little of everything going through it.</summary>
internal sealed class ObservedBroker : IAsyncDisposable
{
    private readonly BrokerServer _server;
    private HttpSurface _http;

    private ObservedBroker(BrokerServer server, HttpSurface http) => (_server, _http, HttpAddress) = (server, http, http.Address!);

    public string HttpAddress { get; }

    private string Address => _server.Addresses[0].ToString();

    public static async Task<ObservedBroker> StartAsync(string folder)
    {
        var server = await BrokerServer.StartAsync(new BrokerOptions
        {
            Disk = new DiskFileSystem(),
            Clock = TimeProvider.System,
            Chance = new Random(TestSeed.Value),
            Logs = NullLoggerFactory.Instance,
            Settings = new Dictionary<string, string>
            {
                ["node.id"] = "1", ["log.dirs"] = folder, ["listeners"] = "PLAINTEXT://127.0.0.1:0", ["group.initial.rebalance.delay.ms"] = "0",
                ["offsets.topic.num.partitions"] = "4", ["transaction.state.log.num.partitions"] = "4",
            },
        });
        return new ObservedBroker(server, await HttpSurface.TryStartAsync("127.0.0.1:0", server, NullLogger.Instance));
    }

    public ValueTask HideAsync() => _http.DisposeAsync();

    public async Task ShowAsync() => _http = await HttpSurface.TryStartAsync(HttpAddress, _server, NullLogger.Instance);

    public async ValueTask DisposeAsync()
    {
        await _http.DisposeAsync();
        await _server.DisposeAsync();
    }

    /// <summary>Records written and read by a group, a transaction, a topic made, a batch that is damaged.</summary>
    public async Task UseAsync()
    {
        using var client = await WireClient.ConnectAsync("127.0.0.1", _server.Addresses[0].Port);
        await client.AskAsync<CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest { TimeoutMs = 30_000, Topics = [new CreateTopicsRequest.Topic { Name = "orders", NumPartitions = 1, ReplicationFactor = 1 }] });
        await Kcat.WriteAsync(Address, "orders", Enumerable.Range(0, 100).Select(static i => $"order {i}"));
        await ChildProcess.RunAsync("kcat to read in a group", TimeSpan.FromSeconds(60), "kcat", ["-b", Address, "-G", "billing", "-e", "-q", "-X", "auto.offset.reset=earliest", "orders"]);
        await CommitAsync(client);
        var damaged = Batch(new BatchOptions());
        damaged[^1] ^= 0x55;
        Assert.Equal(ErrorCode.CorruptMessage, await ProduceAsync(client, null, damaged));
    }

    private static async Task CommitAsync(WireClient client)
    {
        const string Id = "transfers";
        InitProducerIdResponse started;
        do
        {
            await client.AskAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, 4, new FindCoordinatorRequest { KeyType = 1, CoordinatorKeys = [Id] });
            started = await client.AskAsync<InitProducerIdResponse>(ApiKey.InitProducerId, 5, new InitProducerIdRequest { TransactionalId = Id, TransactionTimeoutMs = 60_000 });
        }
        while (started.ErrorCode is ErrorCode.CoordinatorLoadInProgress or ErrorCode.ConcurrentTransactions);
        Assert.Equal(ErrorCode.None, started.ErrorCode);
        var batch = Batch(new BatchOptions { IsTransactional = true, Producer = new ProducerIdentity(started.ProducerId, started.ProducerEpoch, 0) });
        Assert.Equal(ErrorCode.None, await ProduceAsync(client, Id, batch));
        var ended = await client.AskAsync<EndTxnResponse>(ApiKey.EndTxn, 5, new EndTxnRequest { TransactionalId = Id, ProducerId = started.ProducerId, ProducerEpoch = started.ProducerEpoch, Committed = true });
        Assert.Equal(ErrorCode.None, ended.ErrorCode);
    }

    private static byte[] Batch(BatchOptions options)
    {
        using var builder = new RecordBatchBuilder(CompressionType.None);
        builder.Append(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), OptionalBytes.Null, "transfer"u8);
        return builder.Finish(options).ToArray();
    }

    private static async Task<ErrorCode> ProduceAsync(WireClient client, string? transaction, byte[] batch)
    {
        var request = new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 10_000,
            TransactionalId = transaction,
            TopicData = [new ProduceRequest.Topic { Name = "orders", PartitionData = [new ProduceRequest.Partition { Records = RecordData.Of(batch) }] }],
        };
        return (await client.AskAsync<ProduceResponse>(ApiKey.Produce, 12, request)).Responses[0].PartitionResponses[0].ErrorCode;
    }
}
