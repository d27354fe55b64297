namespace Moldau.Broker.Security.Sasl;

/// <summary>Who somebody turned out to be.</summary>
/// <param name="Name">As rules and quotas have it.</param>
/// <param name="ExpiresAt">When what he proved it with is over, in milliseconds since 1970; null for never.</param>
/// <param name="IsByToken">Whether a delegation token stood for him.</param>
internal sealed record SaslIdentity(string Name, long? ExpiresAt = null, bool IsByToken = false);
