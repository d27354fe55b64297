namespace Moldau.Broker.Metadata.Records;

/// <summary>A user has a credential for each mechanism, or for one of them.</summary>
public readonly record struct ScramUser(ScramMechanism Mechanism, string Name);
