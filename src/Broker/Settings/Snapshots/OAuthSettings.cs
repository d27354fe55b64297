namespace Moldau.Broker.Settings.Snapshots;

/// <summary>What tokens of OAUTHBEARER must be like at one listener.</summary>
internal sealed record OAuthSettings
{
    /// <summary>Where the keys are; null where nobody said, and then no token counts.</summary>
    public required KeySourceSettings? Keys { get; init; }

    /// <summary>Null for any.</summary>
    public required string? Issuer { get; init; }

    /// <summary>A token must be for one of these; where there are none, one that says for whom it is does not count.</summary>
    public required IReadOnlyList<string> Audience { get; init; }

    public required string ScopeClaim { get; init; }

    public required string SubjectClaim { get; init; }

    public required int ClockSkewSeconds { get; init; }

    public static OAuthSettings Of(SettingValues values) => new()
    {
        Keys = values.OptionalText("sasl.oauthbearer.jwks.endpoint.url") is { Length: > 0 } url && Uri.TryCreate(url, UriKind.Absolute, out var where)
            ? new KeySourceSettings(
                where, values.Long("sasl.oauthbearer.jwks.endpoint.refresh.ms"), values.Long("sasl.oauthbearer.jwks.endpoint.retry.backoff.ms"),
                values.Long("sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms"))
            : null,
        Issuer = values.OptionalText("sasl.oauthbearer.expected.issuer"),
        Audience = values.List("sasl.oauthbearer.expected.audience"),
        ScopeClaim = values.Text("sasl.oauthbearer.scope.claim.name"),
        SubjectClaim = values.Text("sasl.oauthbearer.sub.claim.name"),
        ClockSkewSeconds = values.Int("sasl.oauthbearer.clock.skew.seconds"),
    };
}
