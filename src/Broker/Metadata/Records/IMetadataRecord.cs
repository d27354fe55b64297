namespace Moldau.Broker.Metadata.Records;

/// <summary>What is stored under one key.</summary>
public interface IMetadataRecord
{
    /// <summary>The newest version of this kind that the build reads, and the one it writes.</summary>
    static abstract int NewestVersion { get; }

    int Version { get; }

    /// <summary>What of it cannot be so, whoever wrote it; null where all is well.</summary>
    string? Fault();
}
