using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata;

/// <summary>A key as of a revision; no entry where it is missing.</summary>
public sealed record MetadataRead(long Revision, FactEntry? Entry);
