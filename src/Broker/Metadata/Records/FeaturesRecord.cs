namespace Moldau.Broker.Metadata.Records;

/// <summary>The levels of features that the whole cluster has agreed on.</summary>
/// <param name="Epoch">Grows by one with each change; clients keep the newest answer by it.</param>
/// <param name="Levels">By name; a feature that is off is not there.</param>
public sealed record FeaturesRecord(long Epoch, IReadOnlyDictionary<string, short> Levels) : MetadataRecord, IMetadataRecord
{
    public static int NewestVersion => 1;

    public IReadOnlyDictionary<string, short> Levels { get; init; } = InOrder.Of(Levels);

    public string? Fault() => Epoch < 0 ? $"epoch {Epoch}" : Levels.FirstOrDefault(static level => level.Value < 1) is { Key: { } name } low ? $"level {low.Value} of {name}" : null;
}
