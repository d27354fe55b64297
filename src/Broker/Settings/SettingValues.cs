namespace Moldau.Broker.Settings;

/// <summary>The values that count, typed; asked for once, when a snapshot is made.</summary>
internal readonly struct SettingValues(Func<string, object?> find)
{
    public static SettingValues Of(SettingLayers layers) => new(layers.Find);

    /// <summary>
    /// Those that count on one listener: its own, with a mechanism's name in front where one is asked for, come before the
    /// broker's, whoever has set them.
    /// </summary>
    /// <param name="layers">What is set for the broker.</param>
    /// <param name="listener">The listener's name, in any case.</param>
    /// <param name="mechanism">As clients name it; null where the setting is none of a mechanism's.</param>
    public static SettingValues OfListener(SettingLayers layers, string listener, string? mechanism = null) => new(name =>
        (mechanism is null ? null : layers.FindSet(ListenerSetting.Name(listener, mechanism, name)))
        ?? layers.FindSet(ListenerSetting.Name(listener, name))
        ?? layers.Find(name));

    public bool Truth(string name) => (bool)Value(name);

    public int Int(string name) => Value(name) is short number ? number : (int)Value(name);

    public int? OptionalInt(string name) => (int?)find(name);

    public long Long(string name) => Value(name) is int number ? number : (long)Value(name);

    public double Double(string name) => (double)Value(name);

    public string Text(string name) => (string)Value(name);

    public string? OptionalText(string name) => (string?)find(name);

    public IReadOnlyList<string> List(string name) => (string[])Value(name);

    public IReadOnlyList<string>? OptionalList(string name) => (string[]?)find(name);

    private object Value(string name) => find(name) ?? throw new InvalidOperationException($"{name} has no value and no default");
}
