using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Timing;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Telemetry;

/// <summary>
/// The metrics that clients push (KIP-714), the latest of each, for whoever exports them. Bounded in clients, in series of
/// one and of all; who was not heard of for three intervals is forgotten.
/// </summary>
internal sealed class ClientTelemetry(UuidSource ids, Delays delays)
{
    public const int MostClients = 10_000;
    public const int MostSeriesOfOne = 2_000;
    public const int MostSeries = 200_000;

    private readonly Lock _sync = new();
    private readonly Dictionary<Uuid, LinkedListNode<Entry>> _clients = [];
    // The one that was heard of last is the last.
    private readonly LinkedList<Entry> _inOrder = [];
    private volatile TelemetrySubscriptions _subscriptions = TelemetrySubscriptions.None;
    private int _series;
    private long _pushes;
    private long _refused;
    private long _leftOut;

    public long Pushes => Interlocked.Read(ref _pushes);

    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Series for which there was no room.</summary>
    public long LeftOut => Interlocked.Read(ref _leftOut);

    public void Follow(MetadataUpdate update)
    {
        if (update.ConfigsChanged.Any(static resource => resource.Scope == ConfigScope.ClientMetrics)) Follow(update.After);
    }

    public void Follow(MetadataImage image) => _subscriptions = new TelemetrySubscriptions(image);

    /// <summary>The latest of every client that is known still.</summary>
    public IReadOnlyList<TelemetrySnapshot> Snapshot()
    {
        List<TelemetryClient> clients = [];
        lock (_sync)
        {
            Forget(delays.Now);
            foreach (var entry in _inOrder) clients.Add(entry.Client);
        }

        var snapshot = new List<TelemetrySnapshot>(clients.Count);
        foreach (var client in clients)
        {
            lock (client.Sync)
            {
                if (client.Series > 0) snapshot.Add(new TelemetrySnapshot(client.Identity, client.Values));
            }
        }

        return snapshot;
    }

    /// <param name="identify">Who asks, under the id he has or is given.</param>
    /// <param name="known">The id he has; zero where he has none.</param>
    /// <param name="answer">What he is to push.</param>
    public ErrorCode Ask(Func<Uuid, TelemetryIdentity> identify, Uuid known, out (Uuid Id, TelemetryPlan Plan) answer)
    {
        var now = delays.Now;
        var id = known.IsZero ? ids.Next() : known;
        var client = Find(id, identify, now);
        lock (client.Sync)
        {
            client.Follow(_subscriptions);
            answer = (id, client.Plan);
            return Counted(client.Ask(now));
        }
    }

    public ErrorCode Push(Func<Uuid, TelemetryIdentity> identify, in TelemetryPush push, int mostBytes)
    {
        if (push.Id.High == 0 && push.Id.Low <= 1) return Counted(ErrorCode.InvalidRequest);
        var now = delays.Now;
        var client = Find(push.Id, identify, now);
        lock (client.Sync)
        {
            client.Follow(_subscriptions);
            var error = client.Push(push.PlanId, push.IsLast, push.Compression, push.Metrics.Length, mostBytes, now);
            if (error == ErrorCode.None && push.Metrics.Length > 0) client.Failed(error = Take(client, push, mostBytes));
            if (error == ErrorCode.None) Interlocked.Increment(ref _pushes);
            return Counted(error);
        }
    }

    private ErrorCode Take(TelemetryClient client, in TelemetryPush push, int mostBytes)
    {
        var payload = new TelemetryPayload(MostSeriesOfOne);
        try
        {
            using var plain = new PooledBuffer(Math.Min(mostBytes, 4096), mostBytes);
            if (push.Compression == (int)CompressionType.None) plain.Write(push.Metrics.Span);
            else Codecs.Decompress((CompressionType)push.Compression, push.Metrics.Span, plain);
            payload.Read(plain.WrittenSpan);
        }
        catch (BufferLimitException)
        {
            return ErrorCode.TelemetryTooLarge;
        }
        catch (Exception bad) when (bad is CorruptDataException or TelemetryFormatException)
        {
            return ErrorCode.InvalidRecord;
        }

        lock (_sync)
        {
            // Newer ones may have taken its place meanwhile: it counts among the known ones no more.
            if (!_clients.TryGetValue(push.Id, out var node) || node.Value.Client != client) return ErrorCode.None;
            var before = client.Series;
            var left = client.Take(payload.Values, Math.Min(MostSeriesOfOne, before + MostSeries - _series));
            _series += client.Series - before;
            Interlocked.Add(ref _leftOut, left + payload.LeftOut);
        }

        return ErrorCode.None;
    }

    private ErrorCode Counted(ErrorCode error)
    {
        if (error != ErrorCode.None) Interlocked.Increment(ref _refused);
        return error;
    }

    private TelemetryClient Find(Uuid id, Func<Uuid, TelemetryIdentity> identify, long now)
    {
        lock (_sync)
        {
            Forget(now);
            if (_clients.TryGetValue(id, out var node)) _inOrder.Remove(node);
            else
            {
                if (_clients.Count >= MostClients) Remove(_inOrder.First!);
                node = new LinkedListNode<Entry>(new Entry(id, new TelemetryClient(identify(id), _subscriptions)));
                _clients.Add(id, node);
            }

            node.ValueRef.Heard = now;
            _inOrder.AddLast(node);
            return node.Value.Client;
        }
    }

    /// <summary>Those at the front at least; one with a longer interval may stand before others.</summary>
    private void Forget(long now)
    {
        while (_inOrder.First is { } oldest && now - oldest.Value.Heard > oldest.Value.Client.KeptMilliseconds) Remove(oldest);
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _inOrder.Remove(node);
        _clients.Remove(node.Value.Id);
        _series -= node.Value.Client.Series;
    }

    private record struct Entry(Uuid Id, TelemetryClient Client)
    {
        public long Heard { get; set; }
    }
}
