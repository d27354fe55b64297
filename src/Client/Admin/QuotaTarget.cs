namespace Moldau.Client.Admin;

/// <summary>Whom limits are for: a part of type <c>user</c>, <c>client-id</c> or <c>ip</c> with its name, or without one for all who have no limits of their own.</summary>
public sealed record QuotaTarget(IReadOnlyDictionary<string, string?> Parts)
{
    public override string ToString() => string.Join(", ", Parts.OrderByDescending(static part => part.Key, StringComparer.Ordinal).Select(static part => $"{part.Key} {part.Value ?? "(default)"}"));
}
