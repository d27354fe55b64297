using Moldau.Client.Connections;
using Moldau.Client.Metadata;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Fetching;

/// <summary>Reads from one broker: one request under way, and the next as soon as there is room for what it brings.</summary>
/// <param name="node">The broker's id.</param>
/// <param name="core">What the client stands on.</param>
/// <param name="options">Of the consumer.</param>
/// <param name="plan">What is asked, and what becomes of the answers.</param>
/// <param name="find">Where the broker is; null where that is not known.</param>
/// <param name="learn">Told of brokers that an answer named.</param>
/// <param name="owner">Whose connections they are.</param>
internal sealed class BrokerLane(
    int node, ClientCore core, Consuming.ConsumerOptions options, FetchPlan plan, Func<int, BrokerInfo?> find, Action<BrokerInfo> learn, int owner)
{
    private const short FirstById = 13;
    // What is above concerns replicas.
    private const short Highest = 17;
    private const int EndOfSessionMilliseconds = 250;

    private readonly FetchSession _session = new();
    private readonly FetchRequest _request = new() { Topics = [] };
    private readonly FetchResponse _answer = new();
    private readonly List<FetchTarget> _targets = [];
    private readonly Dictionary<TopicPartition, FetchTarget> _asked = [];
    private BrokerConnection? _connection;
    private short _version;

    public int Node => node;

    public Bell Bell { get; } = new(core.Options.Clock);

    /// <summary>Bytes that came from here and nobody has read yet. Guarded by the table's lock.</summary>
    public int WaitingBytes { get; set; }

    /// <summary>Until it is cancelled; it throws nothing.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var room = plan.Plan(this, _targets, out var wait);
                if (room == 0) await Bell.WaitAsync(wait, cancellation).ConfigureAwait(false);
                else await TurnAsync(room, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException)
        {
            await EndSessionAsync().ConfigureAwait(false);
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            plan.Broken(bug);
        }
    }

    private async Task TurnAsync(int room, CancellationToken cancellation)
    {
        try
        {
            await FetchAsync(room, cancellation).ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            // Whether the broker took the request for its session is not known.
            _session.Reset();
            if (Retries.IsStaleness(failure.Code)) core.Metadata.MarkStale();
            foreach (var target in _targets) plan.LaneFailed(target, failure);
        }
    }

    private async Task FetchAsync(int room, CancellationToken cancellation)
    {
        var broker = find(node) ?? throw new KafkaException(ErrorCode.BrokerNotAvailable, $"the cluster names no broker {node} now");
        _connection = await core.Pool.ToAsync(broker, ConnectionRole.Fetching, cancellation, owner).ConfigureAwait(false);
        var isById = true;
        _asked.Clear();
        foreach (var target in _targets)
        {
            isById &= !target.TopicId.IsZero;
            _asked[target.Where] = target;
        }

        _version = _connection.Choose(ApiKey.Fetch, isById ? Highest : (short)(FirstById - 1));
        _request.MaxWaitMs = (int)options.LongestWait.TotalMilliseconds;
        _request.MinBytes = options.MinBytes;
        _request.MaxBytes = room;
        _request.IsolationLevel = options.ReadCommitted ? (sbyte)1 : (sbyte)0;
        _request.RackId = options.RackId ?? "";
        _session.Fill(_targets, _version, _request);
        var frame = await _connection.SendPooledAsync(ApiKey.Fetch, _version, _request, _answer, core.Options.RequestTimeout + options.LongestWait, cancellation).ConfigureAwait(false);
        try
        {
            Take(frame);
        }
        finally
        {
            frame.Release();
        }
    }

    private void Take(AnswerFrame frame)
    {
        core.Figures.Throttled(ApiKey.Fetch, _answer.ThrottleTimeMs);
        if (!_session.Take(_answer))
        {
            var code = _answer.ErrorCode;
            if (code is ErrorCode.FetchSessionIdNotFound or ErrorCode.InvalidFetchSessionEpoch) return;
            if (code != ErrorCode.FetchSessionTopicIdError) throw KafkaException.Of(code, null, $"broker {node}");
            core.Metadata.MarkStale();
            throw KafkaException.Of(code, null, $"broker {node}");
        }

        foreach (var endpoint in _answer.NodeEndpoints) learn(new BrokerInfo(endpoint.NodeId, endpoint.Host, endpoint.Port, endpoint.Rack));
        foreach (var topic in _answer.Responses)
        {
            var name = _version >= FirstById ? _session.NameOf(topic.TopicId) : topic.Topic;
            if (name is null) continue;
            foreach (var partition in topic.Partitions)
            {
                // One that was not asked about now left the session with this request.
                if (_asked.TryGetValue(new TopicPartition(name, partition.PartitionIndex), out var target)) plan.Arrived(target, partition, this, frame);
            }
        }
    }

    /// <summary>The broker forgets the session at once, where it can be told so quickly; otherwise when it needs the room.</summary>
    private async Task EndSessionAsync()
    {
        if (_session.Id == 0 || _connection is not { IsOpen: true, BytesInFlight: 0 } connection) return;
        try
        {
            _session.FillEnd(_request);
            var patience = TimeSpan.FromMilliseconds(EndOfSessionMilliseconds);
            (await connection.SendPooledAsync(ApiKey.Fetch, _version, _request, _answer, patience, CancellationToken.None).ConfigureAwait(false)).Release();
        }
        catch (KafkaException)
        {
            // It is as good as ended.
        }
    }
}
