using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Settings.Changes;

/// <summary>What settings of a kind of resource must keep to, and with which error it is told.</summary>
internal abstract class ResourceRules
{
    /// <summary>Whether values can be appended to its lists; Kafka does not know of some that they are lists.</summary>
    public virtual bool HasLists => true;

    public static ResourceRules Of(ConfigScope scope) => scope switch
    {
        ConfigScope.AllNodes or ConfigScope.Node => BrokerChangeRules.Instance,
        ConfigScope.Topic => TopicChangeRules.Instance,
        ConfigScope.Group => GroupChangeRules.Instance,
        ConfigScope.ClientMetrics => ClientMetricsChangeRules.Instance,
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "no such scope"),
    };

    /// <summary>Whether such a thing can have settings.</summary>
    public abstract SettingRefusal? CheckName(ConfigResource resource);

    /// <summary>Whether the setting can be given to the resource.</summary>
    public abstract SettingRefusal? CheckSetting(ConfigResource resource, string name);

    public abstract SettingDeclaration? Find(string name);

    public virtual SettingRefusal WrongValue(string fault) => SettingRefusal.Config(fault);

    /// <summary>Whether the settings go together, with each other and with the broker's.</summary>
    /// <param name="resource">Whose they are.</param>
    /// <param name="before">What was set.</param>
    /// <param name="after">What would be.</param>
    /// <param name="layers">What is set for the broker, <paramref name="before"/> included where it is that broker's.</param>
    public abstract SettingRefusal? CheckTogether(
        ConfigResource resource, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after, SettingLayers layers);
}
