using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata;

/// <summary>Keys as of one revision, in order.</summary>
public sealed record MetadataRange(long Revision, IReadOnlyList<FactEntry> Entries);
