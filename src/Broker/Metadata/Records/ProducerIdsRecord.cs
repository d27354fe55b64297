using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Metadata.Records;

/// <summary>The first producer id that no node was given yet.</summary>
/// <param name="Claim">Drawn for the block handed out last: who made it knows by it that it is theirs.</param>
/// <param name="Node">Who was given that block, for people.</param>
public sealed record ProducerIdsRecord(long Next, Uuid Claim, int Node) : MetadataRecord, IMetadataRecord
{
    public static int NewestVersion => 1;

    public string? Fault() => Next < 0 ? $"a next id of {Next}" : Claim.IsZero ? "no claim" : null;
}
