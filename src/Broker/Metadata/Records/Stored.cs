namespace Moldau.Broker.Metadata.Records;

/// <summary>A record, and the revision that put it: what a change of it is compared with.</summary>
public sealed record Stored<T>(T Record, long Revision)
    where T : class, IMetadataRecord;
