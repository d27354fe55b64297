using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker.Settings;

/// <summary>What a broker's settings must keep to together.</summary>
internal static class BrokerRules
{
    private static readonly string[] GroupKinds = ["consumer", "share", "streams"];

    /// <summary>What is wrong, each with the setting that is told of it; a sentence each.</summary>
    public static IEnumerable<(string Name, string Fault)> Faults(SettingLayers layers) =>
        [.. OfNode(layers), .. ListenerRules.Faults(layers), .. OfLogs(layers), .. OfConnections(layers), .. OfGroups(layers)];

    private static IEnumerable<(string, string)> OfNode(SettingLayers layers)
    {
        var values = SettingValues.Of(layers);
        var older = values.Int("broker.id");
        if (layers.Start.ContainsKey("broker.id") && layers.Start.ContainsKey("node.id") && older != values.Int("node.id"))
            yield return ("broker.id", $"broker.id is {older} and node.id is {values.Int("node.id")}, and both name this node: give one of them");
        var authorizer = values.Text("authorizer.class.name").Trim();
        if (authorizer is not ("" or AuthorizerSettings.Standard))
            yield return ("authorizer.class.name", $"'{authorizer}' is a class this broker does not have: {AuthorizerSettings.Standard} is the only one, and nothing lets everybody do everything");
        if (AuthorizerSettings.FaultyUser(values.Text("super.users")) is { } user)
            yield return ("super.users", $"super.users has '{user}', which names no principal: it is a type and a name, such as User:{user}");
    }

    private static IEnumerable<(string, string)> OfLogs(SettingLayers layers)
    {
        var values = SettingValues.Of(layers);
        if (layers.FindMilliseconds("log.roll.ms") is < 1 and var roll) yield return ("log.roll.ms", $"segments would roll after {roll} ms: log.roll.ms must be at least 1");
        foreach (var name in SettingSynonyms.Of("log.retention.ms"))
        {
            if (layers.Find(name) is not { } value) continue;
            if (Convert.ToInt64(value, null) is var time && time != -1 && time < 1) yield return (name, $"{name} is {time}: it must be at least 1, or -1 for ever");
            break;
        }

        var folders = LogFolderSettings.Of(values);
        var cordoned = values.List("cordoned.log.dirs");
        if (cordoned.Contains("*") && cordoned.Count > 1) yield return ("cordoned.log.dirs", "cordoned.log.dirs has * and others: * alone means all folders");
        else if (cordoned is not ["*"] && cordoned.FirstOrDefault(path => !folders.Paths.Contains(path)) is { } foreign)
            yield return ("cordoned.log.dirs", $"cordoned.log.dirs has '{foreign}', which is none of log.dirs: {string.Join(", ", folders.Paths)}");
        const int least = 1024 * 1024;
        var compactor = CompactorSettings.Of(values);
        if (compactor.Threads > 0 && compactor.KeyBytes / compactor.Threads <= least)
            yield return ("log.cleaner.dedupe.buffer.size", $"log.cleaner.dedupe.buffer.size gives each of {compactor.Threads} threads {compactor.KeyBytes / compactor.Threads} bytes: each needs more than {least}");
        foreach (var name in (string[])["offsets.topic.compression.codec", "share.coordinator.state.topic.compression.codec"])
        {
            if (values.Int(name) is < 0 or > 4) yield return (name, $"{name} is {values.Int(name)}: it must be 0 for none, 1 gzip, 2 snappy, 3 lz4 or 4 zstd");
        }
    }

    private static IEnumerable<(string, string)> OfConnections(SettingLayers layers)
    {
        var values = SettingValues.Of(layers);
        var overrides = ConnectionSettings.ParseOverrides(values.Text("max.connections.per.ip.overrides"));
        if (overrides.Fault is { } fault) yield return ("max.connections.per.ip.overrides", $"max.connections.per.ip.overrides: {fault}, such as 10.0.0.7:100");
        if (values.Int("max.connections.per.ip") == 0 && overrides.Overrides.Count == 0)
            yield return ("max.connections.per.ip", "max.connections.per.ip is 0, and max.connections.per.ip.overrides lets nobody in either: name somebody there");
        var (delay, idle) = (values.Int("connection.failed.authentication.delay.ms"), values.Long("connections.max.idle.ms"));
        if (idle > 0 && delay >= idle)
            yield return ("connection.failed.authentication.delay.ms", $"connection.failed.authentication.delay.ms is {delay}: it must be below connections.max.idle.ms, which is {idle}");
        var queued = values.Long("queued.max.request.bytes");
        if (queued > 0 && queued < values.Int("socket.request.max.bytes"))
            yield return ("queued.max.request.bytes", $"queued.max.request.bytes is {queued}: the largest request, socket.request.max.bytes, takes {values.Int("socket.request.max.bytes")}; -1 is for any number");
    }

    private static IEnumerable<(string, string)> OfGroups(SettingLayers layers)
    {
        var values = SettingValues.Of(layers);
        if (!values.List("group.coordinator.rebalance.protocols").Contains("classic"))
            yield return ("group.coordinator.rebalance.protocols", "group.coordinator.rebalance.protocols leaves classic out, which cannot be turned off: add it");
        foreach (var (name, known) in new[] { ("group.consumer.assignors", AssignorNames.Consumer), ("group.share.assignors", AssignorNames.Share) })
        {
            if (values.List(name).FirstOrDefault(given => !AssignorNames.IsKnown(given, known)) is { } foreign)
                yield return (name, $"{name} has '{foreign}', which is none of {string.Join(", ", known)}");
        }

        foreach (var kind in GroupKinds)
        {
            foreach (var setting in SettingTables.Group.All)
            {
                if (setting.BrokerName is not { } name || !setting.Name.StartsWith(kind, StringComparison.Ordinal) || layers.Find(name) is not int value) continue;
                var least = GroupBounds.Least(setting.Name);
                var most = GroupBounds.Most(setting.Name);
                if (least is not null && most is not null && (int)layers.Find(least)! > (int)layers.Find(most)!)
                    yield return (least, $"{least} is {layers.Find(least)} and {most} is {layers.Find(most)}: the first must not be above the second");
                else if (least is not null && value < (int)layers.Find(least)!)
                    yield return (name, $"{name} is {value}: {least} bounds it to at least {layers.Find(least)}");
                else if (most is not null && value > (int)layers.Find(most)!)
                    yield return (name, $"{name} is {value}: {most} bounds it to at most {layers.Find(most)}");
            }

            var (heartbeat, session) = ($"group.{kind}.heartbeat.interval.ms", $"group.{kind}.session.timeout.ms");
            if ((int)layers.Find(heartbeat)! >= (int)layers.Find(session)!)
                yield return (heartbeat, $"{heartbeat} is {layers.Find(heartbeat)}: it must be below {session}, which is {layers.Find(session)}");
        }
    }
}
