using Moldau.Client.Connections;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Metadata;

/// <summary>
/// What is known of the cluster: its brokers, and the topics that were ever asked for. It is asked anew when it is too
/// old, when a topic is missing, or when somebody found it wrong; by one request at a time, however many wait for it.
/// </summary>
internal sealed class MetadataCache(KafkaClientOptions options, BrokerPool pool)
{
    private readonly Lock _gate = new();
    private readonly SortedSet<string> _wanted = new(StringComparer.Ordinal);
    private Task<ClusterSnapshot>? _refresh;
    private ClusterSnapshot _current = ClusterSnapshot.Empty;
    private bool _isStale = true;
    private bool _createsTopics;

    public ClusterSnapshot Current => Volatile.Read(ref _current);

    /// <summary>The same; null where it is to be asked for anew.</summary>
    public ClusterSnapshot? Fresh
    {
        get
        {
            lock (_gate) return IsFresh ? _current : null;
        }
    }

    private bool IsFresh => !_isStale && options.Clock.GetElapsedTime(_current.TakenAt) < options.MetadataAge;

    /// <summary>What it says has turned out wrong: the next who asks waits for something newer.</summary>
    public void MarkStale()
    {
        lock (_gate) _isStale = true;
    }

    /// <summary>The cluster with at least these topics in it, or with the reason why one is not.</summary>
    /// <param name="topics">Names; none where brokers alone matter.</param>
    /// <param name="createsTopics">Whether brokers that make topics on demand shall make these.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task<ClusterSnapshot> GetAsync(IReadOnlyCollection<string> topics, bool createsTopics, CancellationToken cancellation)
    {
        const int Passes = 3;
        for (var pass = 1; ; pass++)
        {
            Task<ClusterSnapshot> refresh;
            lock (_gate)
            {
                var isComplete = true;
                foreach (var topic in topics)
                {
                    _wanted.Add(topic);
                    isComplete &= _current.Topics.ContainsKey(topic);
                }

                _createsTopics |= createsTopics;
                if (isComplete && IsFresh) return _current;
                refresh = _refresh ??= Task.Run(RefreshAsync, CancellationToken.None);
            }

            var seen = await refresh.WaitAsync(cancellation).ConfigureAwait(false);
            // One that was under way already may not have asked for these.
            if (HasAll(seen, topics)) return seen;
            if (pass == Passes) throw new KafkaException(ErrorCode.UnknownServerError, $"a broker said nothing of topics it was asked for: {string.Join(", ", topics)}");
        }
    }

    /// <summary>All topics there are, past the cache.</summary>
    public async Task<ClusterSnapshot> AskForAllAsync(CancellationToken cancellation) =>
        await AskAsync(new MetadataRequest { Topics = null, AllowAutoTopicCreation = false }, cancellation).ConfigureAwait(false);

    /// <summary>These topics as they are now, past the cache; none is made.</summary>
    public async Task<ClusterSnapshot> AskForAsync(IReadOnlyCollection<string> topics, CancellationToken cancellation) =>
        await AskAsync(RequestFor(topics, false), cancellation).ConfigureAwait(false);

    private static bool HasAll(ClusterSnapshot snapshot, IReadOnlyCollection<string> topics)
    {
        foreach (var topic in topics)
        {
            if (!snapshot.Topics.ContainsKey(topic)) return false;
        }

        return true;
    }

    private static MetadataRequest RequestFor(IReadOnlyCollection<string> topics, bool createsTopics)
    {
        var request = new MetadataRequest { AllowAutoTopicCreation = createsTopics, Topics = [] };
        foreach (var topic in topics) request.Topics.Add(new MetadataRequest.Topic { Name = topic });
        return request;
    }

    private async Task<ClusterSnapshot> RefreshAsync()
    {
        MetadataRequest request;
        lock (_gate)
        {
            request = RequestFor(_wanted, _createsTopics);
            (_createsTopics, _isStale) = (false, false);
        }

        try
        {
            var snapshot = await AskAsync(request, CancellationToken.None).ConfigureAwait(false);
            lock (_gate)
            {
                Volatile.Write(ref _current, snapshot);
                _refresh = null;
            }

            return snapshot;
        }
        catch
        {
            lock (_gate) (_refresh, _isStale) = (null, true);
            throw;
        }
    }

    private async Task<ClusterSnapshot> AskAsync(MetadataRequest request, CancellationToken cancellation)
    {
        var connection = await pool.AnyAsync(Current, cancellation).ConfigureAwait(false);
        var version = connection.Choose(ApiKey.Metadata);
        var response = await connection.SendAsync<MetadataResponse>(ApiKey.Metadata, version, request, options.RequestTimeout, cancellation).ConfigureAwait(false);
        if (response.ErrorCode != ErrorCode.None) throw KafkaException.Of(response.ErrorCode, null);
        return new ClusterSnapshot(response, options.Clock.GetTimestamp());
    }
}
