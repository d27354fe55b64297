using System.Collections.Frozen;

namespace Moldau.Broker.Settings.Snapshots;

/// <summary>Whether rules are asked, and whom they do not hold. Read at a start.</summary>
public sealed record AuthorizerSettings
{
    /// <summary>Kafka's own, whose rules these are; there is no other.</summary>
    public const string Standard = "org.apache.kafka.metadata.authorizer.StandardAuthorizer";

    public required bool IsOn { get; init; }

    /// <summary>With their types.</summary>
    public required FrozenSet<string> SuperUsers { get; init; }

    /// <summary>Whether everybody may do what no rule is about.</summary>
    public required bool AllowsWithoutRules { get; init; }

    /// <returns>The first of super.users that names no principal; null where all do.</returns>
    public static string? FaultyUser(string users)
    {
        foreach (var user in Names(users))
        {
            if (user.IndexOf(':', StringComparison.Ordinal) < 0) return user;
        }

        return null;
    }

    internal static AuthorizerSettings Of(SettingValues values) => new()
    {
        IsOn = values.Text("authorizer.class.name").Trim().Length > 0,
        SuperUsers = Names(values.Text("super.users")).ToFrozenSet(StringComparer.Ordinal),
        AllowsWithoutRules = values.Truth("allow.everyone.if.no.acl.found"),
    };

    private static string[] Names(string users) => users.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
