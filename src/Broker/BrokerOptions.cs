using Microsoft.Extensions.Logging;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Broker.Requests;
using Moldau.Broker.Security;
using Moldau.Broker.Security.Rules;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Broker.Security.Seams;
using Moldau.Protocol.Messages;
using Moldau.Storage.Files;

namespace Moldau.Broker;

/// <summary>What a broker is started with: its settings, and its seams.</summary>
public sealed record BrokerOptions
{
    public required IFileSystem Disk { get; init; }

    /// <summary>Files that are not the broker's own: certificates and keys that its settings name.</summary>
    public ISmallFiles SmallFiles { get; init; } = new DiskSmallFiles();

    public required TimeProvider Clock { get; init; }

    /// <summary>Draws ids and keys; seeded with something no other process was.</summary>
    public required Random Chance { get; init; }

    /// <summary>Draws so many bytes that nobody may guess: nonces, salts.</summary>
    public Func<int, byte[]> Secrets { get; init; } = SystemSecrets.Draw;

    /// <summary>Sends what is asked of others over HTTP; null for the system's own.</summary>
    public HttpMessageHandler? Http { get; init; }

    public required ILoggerFactory Logs { get; init; }

    /// <summary>Asked by the logging for every line, and changed by whoever may.</summary>
    public LogLevels LogLevels { get; init; } = new();

    /// <summary>What the start found, by setting's name; checked.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Null to take what the folders say; a new folder then begins a new cluster.</summary>
    public string? ClusterId { get; init; }

    /// <summary>Whoever else wants the folder is told this.</summary>
    public string Owner { get; init; } = "another broker";

    /// <summary>Whether a data folder of an older format is brought to this build's.</summary>
    public bool Upgrades { get; init; }

    /// <summary>So many threads serve connections.</summary>
    public int NetworkThreads { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 8);

    /// <summary>Whether the system's own calls for sockets are used where there are any.</summary>
    public bool UsesNativeSockets { get; init; } = true;

    /// <summary>What decides by rules, for tests that break it.</summary>
    internal Func<MetadataFollower, AuthorizerSettings, AuditLog, Authorizer> Authorizes { get; init; } = static (metadata, settings, audit) => new Authorizer(metadata, settings, audit);

    /// <summary>What stands around a connection's stream, for tests that cut it; null for nothing. Not around TLS.</summary>
    internal Func<Stream, Stream>? Streams { get; init; }

    /// <summary>Whether who comes by a listener finds a partition's leader there, for tests in which one broker answers as several nodes; null where all do.</summary>
    internal Func<ListenerFacts, Partition, bool>? Leads { get; init; }

    /// <summary>What stands around a handler, for tests that break one.</summary>
    internal Func<ApiKey, RequestHandler, RequestHandler> Wrap { get; init; } = static (_, handler) => handler;
}
