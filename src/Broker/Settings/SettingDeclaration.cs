namespace Moldau.Broker.Settings;

/// <summary>All there is to say about a setting; what parses, checks, describes and documents it derives from this.</summary>
/// <param name="Name">Kafka's where Kafka has it, else it begins with <c>moldau.</c></param>
/// <param name="Type">What its value is.</param>
/// <param name="Default">As it would be written; null where there is no value unless somebody gives one.</param>
/// <param name="Importance">For those who read the list of them.</param>
/// <param name="Documentation">A sentence or two; of one without effect, why it has none.</param>
public sealed record SettingDeclaration(string Name, SettingType Type, string? Default, SettingImportance Importance, string Documentation)
{
    /// <summary>What values must keep to, besides their type.</summary>
    public SettingRule Rule { get; init; } = SettingRule.None;

    /// <summary>Of a broker's setting. All others can be changed at any time.</summary>
    public SettingChange Change { get; init; }

    /// <summary>Told of only where somebody has set it.</summary>
    public bool IsInternal { get; init; }

    /// <summary>Kafka knows it; here it is checked and kept, and changes nothing.</summary>
    public bool HasNoEffect { get; init; }

    /// <summary>The broker's setting that counts where a topic or a group has no value of its own.</summary>
    public string? BrokerName { get; init; }

    public bool IsSensitive => Type == SettingType.Password;
}
