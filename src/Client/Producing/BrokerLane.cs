using System.Threading.Channels;
using Moldau.Client.Connections;
using Moldau.Client.Producing.Transactions;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;

namespace Moldau.Client.Producing;

/// <summary>
/// The way of records to one broker. Its batches are compressed here, one request behind the other, and go out in the order in which the
/// delivery loop handed them over; answers are given back to the loop as they come.
/// </summary>
internal sealed class BrokerLane
{
    private const short HighestByName = 12;
    private const short HighestAddedByHand = 11;
    private const short FirstWithZstd = 7;
    private const short AllReplicas = -1;

    private readonly Channel<ProduceCall> _calls = Channel.CreateUnbounded<ProduceCall>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly Channel<(ProduceCall Call, Task<ProduceResponse> Answer)> _sent =
        Channel.CreateUnbounded<(ProduceCall, Task<ProduceResponse>)>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly ClientCore _core;
    private readonly ProducerOptions _options;
    private readonly Action<ProduceCall> _done;
    private readonly TransactionSession? _transactions;
    private readonly Task _running;

    /// <param name="node">The broker's id.</param>
    /// <param name="core">The client.</param>
    /// <param name="options">How.</param>
    /// <param name="transactions">Its transactions, where it has any.</param>
    /// <param name="done">Is given each request when it is answered, or will not be.</param>
    /// <param name="closing">Ends it.</param>
    public BrokerLane(int node, ClientCore core, ProducerOptions options, TransactionSession? transactions, Action<ProduceCall> done, CancellationToken closing)
    {
        Node = node;
        _core = core;
        _options = options;
        _transactions = transactions;
        _done = done;
        _running = Task.WhenAll(Task.Run(() => SendAsync(closing), CancellationToken.None), Task.Run(ReceiveAsync, CancellationToken.None));
    }

    public int Node { get; }

    /// <summary>The loop's: requests that are not answered.</summary>
    public int UnderWay { get; set; }

    /// <summary>The loop's: the partitions that have something for it in this round.</summary>
    public List<PartitionQueue> Ready { get; } = [];

    /// <summary>The loop's: where the next request begins, so that no partition is always the last.</summary>
    public int Turn { get; set; }

    public void Post(ProduceCall call) => _calls.Writer.TryWrite(call);

    /// <summary>Ends when what was posted is answered or given up.</summary>
    public Task EndAsync()
    {
        _calls.Writer.TryComplete();
        return _running;
    }

    private async Task SendAsync(CancellationToken closing)
    {
        await foreach (var call in _calls.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            try
            {
                var connection = await _core.Router.ConnectAsync(Destination.Node(Node), closing).ConfigureAwait(false);
                var (request, version) = Write(call, connection);
                call.WasSent = true;
                _sent.Writer.TryWrite((call, connection.SendAsync<ProduceResponse>(ApiKey.Produce, version, request, _core.Options.RequestTimeout * 2, closing)));
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                Fail(call, failure);
                // Those behind it would try the same, one after the other, each until its own deadline.
                while (failure is KafkaConnectionException && _calls.Reader.TryRead(out var behind)) Fail(behind, failure);
            }
        }

        _sent.Writer.TryComplete();
    }

    private void Fail(ProduceCall call, Exception failure) => _sent.Writer.TryWrite((call, Task.FromException<ProduceResponse>(failure)));

    /// <summary>Gives answers back in the order of the requests, so that nothing behind a batch is judged before it.</summary>
    private async Task ReceiveAsync()
    {
        await foreach (var (call, answer) in _sent.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            try
            {
                call.Complete(await answer.ConfigureAwait(false));
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                call.Fail(failure);
            }

            _done(call);
        }
    }

    private (ProduceRequest Request, short Version) Write(ProduceCall call, BrokerConnection connection)
    {
        var version = connection.Choose(ApiKey.Produce, Highest(call));
        if (_options.Compression == CompressionType.Zstd && version < FirstWithZstd)
            throw new KafkaException(ErrorCode.UnsupportedCompressionType, "the broker is too old for zstd (it came with Kafka 2.1 and its message.format.version); choose another codec", connection.Address.ToString());
        var request = new ProduceRequest
        {
            TransactionalId = _options.TransactionalId,
            Acks = _options.WaitsForAll ? AllReplicas : (short)1,
            TimeoutMs = (int)_core.Options.RequestTimeout.TotalMilliseconds,
        };
        ProduceRequest.Topic? topic = null;
        foreach (var (queue, batch, identity) in call.Parts)
        {
            var producer = _options.IsIdempotent ? new ProducerIdentity(identity.Id, identity.Epoch, batch.Sequence) : ProducerIdentity.None;
            var bytes = batch.Builder.Finish(new BatchOptions { Producer = producer, IsTransactional = _options.TransactionalId is not null });
            if (topic?.Name != queue.Where.Topic) topic = TopicOf(request, call, queue.Where.Topic);
            topic.PartitionData.Add(new ProduceRequest.Partition { Index = queue.Where.Partition, Records = RecordData.Of(bytes) });
        }

        return (request, version);
    }

    private static ProduceRequest.Topic TopicOf(ProduceRequest request, ProduceCall call, string name)
    {
        foreach (var known in request.TopicData)
        {
            if (known.Name == name) return known;
        }

        var topic = new ProduceRequest.Topic { Name = name, TopicId = call.Cluster.Topics[name].Id };
        request.TopicData.Add(topic);
        return topic;
    }

    private short Highest(ProduceCall call)
    {
        if (_transactions is { AddsByItself: false }) return HighestAddedByHand;
        foreach (var part in call.Parts)
        {
            if (call.Cluster.Topics[part.Queue.Where.Topic].Id.IsZero) return HighestByName;
        }

        return short.MaxValue;
    }
}
