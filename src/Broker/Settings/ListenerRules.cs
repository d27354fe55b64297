using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker.Settings;

/// <summary>What the listeners and what is told of them must keep to.</summary>
internal static class ListenerRules
{
    public static IEnumerable<(string Name, string Fault)> Faults(SettingLayers layers)
    {
        var values = SettingValues.Of(layers);
        var protocols = ListenerParser.Protocols(values.Text("listener.security.protocol.map"));
        if (protocols.Fault is { } fault) return [("listener.security.protocol.map", $"listener.security.protocol.map: {fault}")];
        var faults = new List<(string, string)>();
        var controllers = values.List("controller.listener.names").Select(static name => name.ToUpperInvariant()).ToHashSet();
        var listeners = Read("listeners", values.List("listeners"), protocols.Map, controllers, faults);
        var told = values.OptionalList("advertised.listeners") is { } advertised
            ? Read("advertised.listeners", advertised, protocols.Map, controllers, faults) : null;
        if (faults.Count > 0) return faults;
        if (listeners.Count == 0) faults.Add(("listeners", "listeners names nothing that clients could connect to: give it something like PLAINTEXT://:9092"));
        CheckTwice(listeners, faults);
        foreach (var one in told ?? [])
        {
            if (listeners.TrueForAll(listener => listener.Name != one.Name))
                faults.Add(("advertised.listeners", $"advertised.listeners tells of {one.Name}, and listeners has only {string.Join(", ", listeners.Select(static listener => listener.Name))}"));
            if (one.Host is "0.0.0.0" or "::")
                faults.Add(("advertised.listeners", $"advertised.listeners tells clients to connect to {one.Host}, which is nobody's address: give this machine's name or address"));
        }

        if (told is not null && told.Select(static one => one.Name).Distinct().Count() < told.Count) faults.Add(("advertised.listeners", "advertised.listeners has one listener twice: clients are told one address of each"));
        if (values.OptionalText("inter.broker.listener.name") is { } between && (told ?? listeners).TrueForAll(listener => !listener.Name.Equals(between, StringComparison.OrdinalIgnoreCase)))
            faults.Add(("inter.broker.listener.name", $"inter.broker.listener.name is {between}, and {(told is null ? "listeners" : "advertised.listeners")} has only {string.Join(", ", (told ?? listeners).Select(static listener => listener.Name))}"));
        faults.AddRange(SaslRules.Faults(layers, listeners));
        return faults;
    }

    private static List<Listener> Read(
        string name, IReadOnlyList<string> texts, IReadOnlyDictionary<string, string> protocols, HashSet<string> controllers, List<(string, string)> faults)
    {
        var listeners = new List<Listener>(texts.Count);
        foreach (var text in texts)
        {
            if (ListenerParser.Parse(text, protocols, controllers, out var listener) is { } fault) faults.Add((name, $"{name}: {fault}"));
            else if (controllers.Contains(listener!.Name)) continue;
            else listeners.Add(listener);
        }

        return listeners;
    }

    /// <summary>One name is one listener, and one port belongs to one, unless one is for IPv4 and the other for IPv6.</summary>
    private static void CheckTwice(List<Listener> listeners, List<(string, string)> faults)
    {
        for (var i = 0; i < listeners.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (one, other) = (listeners[j], listeners[i]);
                var areBothFamilies = one.Host.Contains(':', StringComparison.Ordinal) != other.Host.Contains(':', StringComparison.Ordinal) && one.Host != "" && other.Host != "";
                if (one.Name == other.Name) faults.Add(("listeners", $"listeners has {one.Name} twice: give one another name, and name its protocol in listener.security.protocol.map"));
                else if (one.Port == other.Port && one.Port != 0 && !areBothFamilies) faults.Add(("listeners", $"listeners has port {one.Port} twice, for {one.Name} and {other.Name}"));
            }
        }
    }
}
