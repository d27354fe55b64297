using Moldau.Client.Metadata;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Connections;

/// <summary>Brings a request to the broker it is for, and again while that fails for reasons that pass.</summary>
internal sealed class RequestRouter(KafkaClientOptions options, BrokerPool pool, MetadataCache metadata, Retries retries)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(sbyte KeyType, string Key), int> _coordinators = [];

    /// <summary>Asks until there is an answer whose error, if it has one, does not pass.</summary>
    /// <param name="destination">Which broker.</param>
    /// <param name="key">Which request.</param>
    /// <param name="request">What is asked; the same each time.</param>
    /// <param name="error">The answer's error as a whole; thrown where there is one.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<TResponse> AskAsync<TResponse>(
        Destination destination, ApiKey key, IMessage request, Func<TResponse, (ErrorCode Code, string? Told)> error, CancellationToken cancellation)
        where TResponse : IMessage, new() => AskAsync(destination, key, _ => request, error, cancellation);

    /// <summary>The same, where what is asked depends on the version that both sides have.</summary>
    /// <param name="highest">A version above which the caller cannot say what it means.</param>
    public Task<TResponse> AskAsync<TResponse>(
        Destination destination, ApiKey key, Func<short, IMessage> request, Func<TResponse, (ErrorCode Code, string? Told)> error, CancellationToken cancellation, short highest = short.MaxValue)
        where TResponse : IMessage, new() =>
        retries.RunAsync(
            async token =>
            {
                var connection = await ConnectAsync(destination, token).ConfigureAwait(false);
                var version = connection.Choose(key, highest);
                var response = await connection.SendAsync<TResponse>(key, version, request(version), options.RequestTimeout, token).ConfigureAwait(false);
                var (code, told) = error(response);
                return code == ErrorCode.None ? response : throw KafkaException.Of(code, told);
            },
            failure => Learn(destination, failure.Code),
            cancellation);

    /// <summary>Asks once; what a failure says of brokers is kept for the next time.</summary>
    /// <exception cref="KafkaException">No answer came.</exception>
    public async Task<TResponse> AskOnceAsync<TResponse>(
        Destination destination, ApiKey key, Func<short, IMessage> request, ConnectionRole role, TimeSpan patience, CancellationToken cancellation, int owner = 0)
        where TResponse : IMessage, new()
    {
        try
        {
            var connection = await ConnectAsync(destination, cancellation, role, owner).ConfigureAwait(false);
            var version = connection.Choose(key);
            return await connection.SendAsync<TResponse>(key, version, request(version), patience, cancellation).ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            Learn(destination, failure.Code);
            throw;
        }
    }

    /// <exception cref="KafkaException">It cannot be reached, or is not known.</exception>
    public async Task<BrokerConnection> ConnectAsync(Destination destination, CancellationToken cancellation, ConnectionRole role = ConnectionRole.Requests, int owner = 0)
    {
        var isCoordinator = destination.IsCoordinator;
        if (isCoordinator) destination = Destination.Node(await CoordinatorAsync(destination, cancellation).ConfigureAwait(false));
        var cluster = await metadata.GetAsync([], false, cancellation).ConfigureAwait(false);
        if (isCoordinator && !cluster.Brokers.ContainsKey(destination.NodeId))
        {
            // It has come back, or joined, since the cluster was asked: whoever named it knows better.
            metadata.MarkStale();
            cluster = await metadata.GetAsync([], false, cancellation).ConfigureAwait(false);
        }

        var node = destination.IsController ? cluster.Controller : destination.NodeId;
        if (destination.IsController && !cluster.Brokers.ContainsKey(node)) destination = Destination.Any;
        if (destination == Destination.Any) return await pool.AnyAsync(cluster, cancellation).ConfigureAwait(false);
        if (cluster.Brokers.TryGetValue(node, out var broker)) return await pool.ToAsync(broker, role, cancellation, owner).ConfigureAwait(false);
        throw new KafkaException(ErrorCode.BrokerNotAvailable, $"the cluster has no broker {node} now; it has {string.Join(", ", cluster.Brokers.Keys)}") { IsTransient = isCoordinator };
    }

    /// <summary>The broker that coordinates a group or a transactional id.</summary>
    public Task<int> LocateAsync(Destination destination, CancellationToken cancellation) =>
        retries.RunAsync(token => CoordinatorAsync(destination, token), failure => Learn(destination, failure.Code), cancellation);

    private async Task<int> CoordinatorAsync(Destination destination, CancellationToken cancellation)
    {
        var wanted = (destination.KeyType, destination.Key!);
        lock (_gate)
        {
            if (_coordinators.TryGetValue(wanted, out var known)) return known;
        }

        var connection = await ConnectAsync(Destination.Any, cancellation).ConfigureAwait(false);
        var version = connection.Choose(ApiKey.FindCoordinator);
        const short FirstOfSeveral = 4;
        var request = version >= FirstOfSeveral
            ? new FindCoordinatorRequest { KeyType = destination.KeyType, CoordinatorKeys = [wanted.Item2] }
            : new FindCoordinatorRequest { KeyType = destination.KeyType, Key = wanted.Item2 };
        var response = await connection.SendAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, version, request, options.RequestTimeout, cancellation).ConfigureAwait(false);
        var (code, told, node) = version >= FirstOfSeveral
            ? (response.Coordinators[0].ErrorCode, response.Coordinators[0].ErrorMessage, response.Coordinators[0].NodeId)
            : (response.ErrorCode, response.ErrorMessage, response.NodeId);
        if (code != ErrorCode.None) throw KafkaException.Of(code, told, wanted.Item2);
        lock (_gate) _coordinators[wanted] = node;
        return node;
    }

    /// <summary>Takes note of what an error says: others lead by now, or coordinate.</summary>
    public void Learn(Destination destination, ErrorCode code)
    {
        if (Retries.IsStaleness(code)) metadata.MarkStale();
        if (!destination.IsCoordinator) return;
        lock (_gate) _coordinators.Remove((destination.KeyType, destination.Key!));
    }
}
