namespace Moldau.Client.Admin;

/// <summary>A feature's level that is to be another.</summary>
/// <param name="Name">Such as <c>metadata.version</c>.</param>
/// <param name="Level">The level; 0 to have it off.</param>
/// <param name="Change">In which direction it may go.</param>
public sealed record FeatureChange(string Name, short Level, FeatureChangeKind Change = FeatureChangeKind.Upgrade);
