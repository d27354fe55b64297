namespace Moldau.Broker.Settings;

/// <summary>A broker's setting for one listener: <c>listener.name.NAME.</c>, the listener's name in lower case, in front of it.</summary>
/// <param name="Listener">As it stands in the name.</param>
/// <param name="Setting">What follows.</param>
internal readonly record struct ListenerSetting(string Listener, string Setting)
{
    public const string Prefix = "listener.name.";

    /// <summary>What a listener's own value of a setting is called.</summary>
    public static string Name(string listener, string setting) => $"{Prefix}{listener.ToLowerInvariant()}.{setting}";

    /// <summary>What it is called for one mechanism of the listener.</summary>
    public static string Name(string listener, string mechanism, string setting) => $"{Prefix}{listener.ToLowerInvariant()}.{mechanism.ToLowerInvariant()}.{setting}";

    /// <summary>Null where the name does not begin so.</summary>
    public static ListenerSetting? Parse(string name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var end = name.IndexOf('.', Prefix.Length);
        return end <= Prefix.Length || end + 1 == name.Length ? null : new ListenerSetting(name[Prefix.Length..end], name[(end + 1)..]);
    }

    /// <summary>The declaration of a broker's setting, that of a listener included, which is called by the listener's name.</summary>
    public static SettingDeclaration? Declaration(string name)
    {
        if (SettingTables.Broker.Find(name) is { } row) return row;
        if (Parse(name) is not { } own) return null;
        // A mechanism's name may stand between: listener.name.NAME.scram-sha-256.sasl.jaas.config.
        var setting = SettingTables.Broker.Find(own.Setting)
            ?? (own.Setting.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? SettingTables.Broker.Find(own.Setting[(dot + 1)..]) : null);
        return setting is null ? null : setting with { Name = name };
    }
}
