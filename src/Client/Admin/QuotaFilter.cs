namespace Moldau.Client.Admin;

/// <summary>Which limits are asked for: those of entities with such a part.</summary>
/// <param name="Type"><c>user</c>, <c>client-id</c> or <c>ip</c>.</param>
/// <param name="Name">By name; null where <paramref name="IsDefault"/> or any.</param>
/// <param name="IsDefault">The one for all who have no limits of their own.</param>
public sealed record QuotaFilter(string Type, string? Name = null, bool IsDefault = false);
