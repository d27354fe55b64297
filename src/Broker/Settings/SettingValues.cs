namespace Moldau.Broker.Settings;

/// <summary>The values that count, typed; asked for once, when a snapshot is made.</summary>
internal readonly struct SettingValues(Func<string, object?> find)
{
    public static SettingValues Of(SettingLayers layers) => new(layers.Find);

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
