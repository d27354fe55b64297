namespace Moldau.Broker.Metadata.Records;

/// <summary>The limits of an entity, by Kafka's names. One without any has no record.</summary>
public sealed record QuotaRecord(IReadOnlyDictionary<string, double> Limits) : MetadataRecord, IMetadataRecord
{
    public static int NewestVersion => 1;

    public IReadOnlyDictionary<string, double> Limits { get; init; } = InOrder.Of(Limits);

    public string? Fault() => Limits.Count == 0 ? "no limits"
        : Limits.FirstOrDefault(static limit => !double.IsFinite(limit.Value)) is { Key: { } name } endless ? $"a limit of {endless.Value} for {name}" : null;
}
