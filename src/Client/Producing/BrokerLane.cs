using System.Threading.Channels;
using Moldau.Client.Connections;
using Moldau.Client.Metadata;
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

    private readonly Channel<ProduceCall> _calls;
    // What follows an answer is the loop's next round, which never waits: it may run where the answer has come.
    private readonly Channel<ProduceCall> _sent = Channel.CreateUnbounded<ProduceCall>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true, AllowSynchronousContinuations = true });
    private readonly ProduceRequest _request = new();
    private readonly ClientCore _core;
    private readonly ProducerOptions _options;
    private readonly Action<ProduceCall> _done;
    private readonly TransactionSession? _transactions;
    private readonly Task _running;
    private readonly CancellationToken _closing;
    private BrokerConnection? _connection;
    private ClusterSnapshot? _connectedBy;
    private ProduceCall? _awaited;

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
        _closing = closing;
        // Sent from the loop's own thread, which saves a hop for each request; but what compresses would hold up the other brokers.
        _calls = Channel.CreateUnbounded<ProduceCall>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true, AllowSynchronousContinuations = options.Compression == CompressionType.None });
        _running = Task.WhenAll(Task.Run(SendAsync, CancellationToken.None), Task.Run(ReceiveAsync, CancellationToken.None));
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

    private async Task SendAsync()
    {
        await foreach (var call in _calls.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            try
            {
                var connection = Connected() ?? await ConnectAsync().ConfigureAwait(false);
                call.Version = connection.Choose(ApiKey.Produce, Highest(call));
                Write(call, connection);
                call.WasSent = true;
                await connection.PostAsync(ApiKey.Produce, call.Version, _request, call.Reply, _core.Options.RequestTimeout * 2, _closing).ConfigureAwait(false);
                call.Connection = connection;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                Fail(call, failure);
                // Those behind it would try the same, one after the other, each until its own deadline.
                while (failure is KafkaConnectionException && _calls.Reader.TryRead(out var behind)) Fail(behind, failure);
                continue;
            }

            _sent.Writer.TryWrite(call);
        }

        _sent.Writer.TryComplete();
    }

    /// <summary>The connection of the last request, as long as nothing has changed since it was found.</summary>
    private BrokerConnection? Connected() =>
        _connection is { IsOpen: true, IsRetiring: false } && ReferenceEquals(_core.Metadata.Fresh, _connectedBy) ? _connection : null;

    private async ValueTask<BrokerConnection> ConnectAsync()
    {
        // Taken before: where the cluster is asked anew meanwhile, the next request looks again.
        _connectedBy = _core.Metadata.Current;
        return _connection = await _core.Router.ConnectAsync(Destination.Node(Node), _closing).ConfigureAwait(false);
    }

    private void Fail(ProduceCall call, Exception failure)
    {
        call.Fail(failure);
        _sent.Writer.TryWrite(call);
    }

    /// <summary>Gives answers back in the order of the requests, so that nothing behind a batch is judged before it.</summary>
    private async Task ReceiveAsync()
    {
        using var giveUp = _closing.UnsafeRegister(static lane => Volatile.Read(ref ((BrokerLane)lane!)._awaited)?.Reply.Abandon(), this);
        await foreach (var call in _sent.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (call.Connection is not null)
            {
                try
                {
                    var frame = await AnswerAsync(call).ConfigureAwait(false);
                    if (call.Reply.IsAbandoned) _closing.ThrowIfCancellationRequested();
                    call.Complete(frame);
                }
                catch (Exception failure) when (failure is not OutOfMemoryException)
                {
                    call.Fail(failure);
                }
            }

            _done(call);
        }
    }

    private ValueTask<AnswerFrame?> AnswerAsync(ProduceCall call)
    {
        // Set before it is looked whether the producer ends, and read after that was said: one of the two sees the other.
        Interlocked.Exchange(ref _awaited, call);
        if (_closing.IsCancellationRequested) call.Reply.Abandon();
        return call.Reply.Frame;
    }

    private void Write(ProduceCall call, BrokerConnection connection)
    {
        if (_options.Compression == CompressionType.Zstd && call.Version < FirstWithZstd)
            throw new KafkaException(ErrorCode.UnsupportedCompressionType, "the broker is too old for zstd (it came with Kafka 2.1 and its message.format.version); choose another codec", connection.Address.ToString());
        _request.TransactionalId = _options.TransactionalId;
        _request.Acks = _options.WaitsForAll ? AllReplicas : (short)1;
        _request.TimeoutMs = (int)_core.Options.RequestTimeout.TotalMilliseconds;
        _request.TopicData.Clear();
        ProduceRequest.Topic? topic = null;
        foreach (var (queue, batch, identity) in call.Parts)
        {
            var producer = _options.IsIdempotent ? new ProducerIdentity(identity.Id, identity.Epoch, batch.Sequence) : ProducerIdentity.None;
            var bytes = batch.Builder.Finish(new BatchOptions { Producer = producer, IsTransactional = _options.TransactionalId is not null });
            if (topic?.Name != queue.Where.Topic) topic = TopicOf(_request, call, queue.Where.Topic);
            if (!topic.PartitionData.TryReuse(out var partition)) topic.PartitionData.Add(partition = new ProduceRequest.Partition());
            (partition.Index, partition.Records) = (queue.Where.Partition, RecordData.Of(bytes));
        }
    }

    private static ProduceRequest.Topic TopicOf(ProduceRequest request, ProduceCall call, string name)
    {
        foreach (var known in request.TopicData)
        {
            if (known.Name == name) return known;
        }

        if (!request.TopicData.TryReuse(out var topic)) request.TopicData.Add(topic = new ProduceRequest.Topic());
        (topic.Name, topic.TopicId) = (name, call.Cluster.Topics[name].Id);
        topic.PartitionData.Clear();
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
