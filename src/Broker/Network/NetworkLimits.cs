using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker.Network;

/// <summary>What bounds connections, each and together.</summary>
internal sealed record NetworkLimits
{
    /// <summary><c>socket.request.max.bytes</c></summary>
    public int MaxFrameBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary><c>queued.max.request.bytes</c>: while frames hold more, no new ones are received; -1 for any.</summary>
    public long QueuedBytes { get; init; } = -1;

    /// <summary>So many requests of one connection are under way at once; more wait in its socket.</summary>
    public int RequestsPerConnection { get; init; } = 256;

    /// <summary>While so many bytes of replies wait for a connection's reader, its requests wait.</summary>
    public long ReplyBytesPerConnection { get; init; } = 8 * 1024 * 1024;

    /// <summary><c>connections.max.idle.ms</c>, also for a frame that has begun and does not end; -1 for ever.</summary>
    public long IdleMilliseconds { get; init; } = 10 * 60 * 1000;

    /// <summary><c>max.connections</c></summary>
    public int Connections { get; init; } = int.MaxValue;

    /// <summary><c>max.connections.per.ip</c></summary>
    public int ConnectionsPerAddress { get; init; } = int.MaxValue;

    /// <summary><c>max.connections.per.ip.overrides</c></summary>
    public IReadOnlyDictionary<string, int> AddressOverrides { get; init; } = new Dictionary<string, int>();

    /// <summary><c>sasl.server.max.receive.size</c>, by listener: a frame before it is known who speaks.</summary>
    public IReadOnlyDictionary<string, int> FrameBytesBeforeAuthentication { get; init; } = new Dictionary<string, int>();

    public static NetworkLimits Of(BrokerSettings settings) => new()
    {
        MaxFrameBytes = settings.Requests.MaxRequestBytes,
        QueuedBytes = settings.Requests.MaxQueuedBytes,
        IdleMilliseconds = settings.Connections.IdleMilliseconds,
        Connections = settings.Connections.Max,
        ConnectionsPerAddress = settings.Connections.MaxPerAddress,
        AddressOverrides = settings.Connections.MaxPerAddressOverrides,
        FrameBytesBeforeAuthentication = settings.Sasl.Listeners.ToDictionary(static listener => listener.Key, static listener => listener.Value.MaxReceiveBytes),
    };
}
