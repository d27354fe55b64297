namespace Moldau.Broker.Metadata.Records;

/// <summary>One of them by name, or without a name each that has no limits of its own.</summary>
public readonly record struct QuotaSubject(string? Name)
{
    public static QuotaSubject Default => default;

    public static QuotaSubject Of(string name) => new(name);
}
