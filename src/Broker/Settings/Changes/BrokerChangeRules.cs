using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Settings.Changes;

internal sealed class BrokerChangeRules : ResourceRules
{
    public static BrokerChangeRules Instance { get; } = new();

    public override SettingRefusal? CheckName(ConfigResource resource) => null;

    public override SettingRefusal? CheckSetting(ConfigResource resource, string name)
    {
        var setting = Find(name);
        if (setting is null) return SettingRefusal.Request(UnknownBrokerSetting.Say(name));
        var isListeners = name.StartsWith(ListenerSetting.Prefix, StringComparison.Ordinal);
        if (setting.Change == SettingChange.ReadOnly) return SettingRefusal.Request($"{name} cannot be changed while a broker runs: set it where the broker is started, and start it again");
        if (resource.Scope == ConfigScope.AllNodes && (isListeners || setting.Change == SettingChange.PerBroker))
            return SettingRefusal.Request($"{name} is each broker's own: name the broker it is to be changed on");
        return !isListeners && name.StartsWith("ssl.", StringComparison.Ordinal)
            ? SettingRefusal.Request($"{name} can be changed for one listener only: set {ListenerSetting.Prefix}NAME.{name}, the listener's name in lower case") : null;
    }

    public override SettingDeclaration? Find(string name) => ListenerSetting.Declaration(name);

    public override SettingRefusal WrongValue(string fault) => SettingRefusal.Request(fault);

    /// <summary>What was wrong before is not held against this change.</summary>
    public override SettingRefusal? CheckTogether(
        ConfigResource resource, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after, SettingLayers layers)
    {
        var isNode = resource.Scope == ConfigScope.Node;
        var known = BrokerRules.Faults(isNode ? layers with { Node = before } : layers with { AllNodes = before }).ToHashSet();
        foreach (var fault in BrokerRules.Faults(isNode ? layers with { Node = after } : layers with { AllNodes = after }))
        {
            if (!known.Contains(fault)) return SettingRefusal.Request(fault.Fault);
        }

        return null;
    }
}
