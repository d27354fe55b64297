using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Metadata.Operations;

/// <summary>A topic that is to be.</summary>
/// <param name="Name">What it is called; whether a topic may be called so was asked before.</param>
/// <param name="Id">Freshly drawn, for this one creation: by it the creation recognises what it did itself.</param>
/// <param name="Partitions">As they begin, in order.</param>
/// <param name="Configs">The settings that were given.</param>
public sealed record NewTopic(string Name, Uuid Id, IReadOnlyList<PartitionRecord> Partitions, IReadOnlyDictionary<string, string> Configs);
