using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Moldau.Testing;

/// <summary>How a broker for tests is to be; nothing needs to be said.</summary>
public sealed record EmbeddedBrokerOptions
{
    /// <summary>Where its data lies; null for memory, which is gone with the broker.</summary>
    public string? Folder { get; init; }

    /// <summary>On the loopback address; 0 lets the system choose.</summary>
    public int Port { get; init; }

    /// <summary>Any setting of the broker, by name, such as <c>num.partitions</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Retention, timeouts and timestamps go by it; a test may bring one that it moves itself.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Offers the versions of a release of Apache Kafka and no others: <c>2.1</c>, <c>2.8</c>, <c>3.0</c>, <c>3.9</c> or <c>4.0</c>. What
    /// answers is this broker all the same.
    /// </summary>
    public string? AsKafka { get; init; }

    /// <summary>
    /// As so many nodes it answers, each at a port of its own with the id behind the one before it: one log behind all of them, and leaders
    /// and coordinators that <see cref="EmbeddedBroker.MoveLeaderAsync"/> and its like move between them. Not with listeners among the settings.
    /// </summary>
    public int Nodes { get; init; } = 1;

    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;
}
