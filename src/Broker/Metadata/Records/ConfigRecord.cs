namespace Moldau.Broker.Metadata.Records;

/// <summary>The settings of a resource that somebody has set. One without any has no record.</summary>
public sealed record ConfigRecord(IReadOnlyDictionary<string, string> Values) : MetadataRecord, IMetadataRecord
{
    public static int NewestVersion => 1;

    public IReadOnlyDictionary<string, string> Values { get; init; } = InOrder.Of(Values);

    public string? Fault() => Values.Count == 0 ? "no settings"
        : Values.ContainsKey("") ? "a setting without a name"
        : Values.FirstOrDefault(static setting => setting.Value is null) is { Key: { } name } ? $"no value for {name}" : null;
}
