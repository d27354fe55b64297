namespace Moldau.Broker.Settings.Snapshots;

/// <summary>Tokens that stand for users (KIP-48). No record, which would print the key.</summary>
internal sealed class DelegationTokenSettings
{
    /// <summary>Null where there are no tokens.</summary>
    public required string? SecretKey { get; init; }

    public required long MaxLifetimeMilliseconds { get; init; }

    /// <summary>Unless they are renewed.</summary>
    public required long ExpiryMilliseconds { get; init; }

    public required long CheckIntervalMilliseconds { get; init; }

    public static DelegationTokenSettings Of(SettingValues values) => new()
    {
        SecretKey = values.OptionalText("delegation.token.secret.key") is { Length: > 0 } key ? key : null,
        MaxLifetimeMilliseconds = values.Long("delegation.token.max.lifetime.ms"),
        ExpiryMilliseconds = values.Long("delegation.token.expiry.time.ms"),
        CheckIntervalMilliseconds = values.Long("delegation.token.expiry.check.interval.ms"),
    };
}
