namespace Moldau.Client.Admin;

/// <summary>A feature: which levels a broker can do, and which the cluster has settled on.</summary>
public sealed record FeatureInfo(string Name, short LowestSupported, short HighestSupported, short? Finalized);
