using System.Diagnostics.CodeAnalysis;
using Moldau.Client.Serdes;

namespace Moldau.Client.Producing;

/// <summary>How values are turned into records, and records are gathered and sent.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "the same thing, of types")]
public sealed record ProducerOptions<TKey, TValue> : ProducerOptions
{
    public ProducerOptions()
    {
    }

    /// <summary>Begins with what several producers have in common.</summary>
    public ProducerOptions(ProducerOptions common)
        : base(common)
    {
    }

    /// <summary>The type's own where it is null; see <see cref="Serde.For{T}"/>.</summary>
    public ISerde<TKey>? KeySerde { get; init; }

    /// <summary>The type's own where it is null; see <see cref="Serde.For{T}"/>.</summary>
    public ISerde<TValue>? ValueSerde { get; init; }

    /// <summary>What stands around each send, the first outermost. Without any a record costs nothing for it.</summary>
    public IReadOnlyList<SendMiddleware> Middleware { get; init; } = [];
}
