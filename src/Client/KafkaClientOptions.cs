using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Client.Seams;
using Moldau.Client.Security;

namespace Moldau.Client;

/// <summary>How a client finds its cluster, how long it waits, and what it stands on.</summary>
public sealed record KafkaClientOptions
{
    /// <summary>Brokers to begin with, as <c>host:port,host:port</c>; the others are learned from them.</summary>
    public string Bootstrap { get; init; } = "127.0.0.1:9092";

    /// <summary>What the brokers call this client in logs and quotas.</summary>
    public string ClientId { get; init; } = "moldau";

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one request waits for its answer; then its connection counts as dead.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a call takes at most, with everything that is tried again in it.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long closing waits for what is under way.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a topic that is written or read may be missing: it may just have been made.</summary>
    public TimeSpan MissingTopicTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The first pause before something is tried again; it doubles up to <see cref="LongestBackOff"/>.</summary>
    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan LongestBackOff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>When what is known of topics and brokers is asked for anew though nothing seems wrong with it.</summary>
    public TimeSpan MetadataAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes of requests under way on one connection; who comes behind them waits.</summary>
    public int InFlightBytes { get; init; } = 64 << 20;

    /// <summary>A longer answer is refused, and its connection closed.</summary>
    public int ResponseBytes { get; init; } = 128 << 20;

    /// <summary>Talks TLS where it is not null.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>Authenticates each connection where it is not null.</summary>
    public SaslCredentials? Sasl { get; init; }

    /// <summary>Whether brokers that ask for it are told how the client fares (KIP-714): times, counts, connections; nothing of what is written or read.</summary>
    public bool PushesMetrics { get; init; } = true;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    public TimeProvider Clock { get; init; } = SystemSeams.Clock;

    /// <summary>Spreads retries and choices; one that has a seed repeats them.</summary>
    public Random Chance { get; init; } = SystemSeams.Chance();

    /// <summary>Draws what must not be guessed, as text without commas.</summary>
    public Func<string> Nonce { get; init; } = Nonces.Draw;

    /// <summary>Opens a connection to a host and port; TLS and authentication come on top of it.</summary>
    public Func<string, int, CancellationToken, ValueTask<Stream>> Dial { get; init; } = TcpDial.OpenAsync;
}
