using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Requests.Topics;
using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker.Settings.Changes;

internal sealed class GroupChangeRules : ResourceRules
{
    private const string DeadLetters = "errors.deadletterqueue.topic.name";

    private const string RetryDelay = "moldau.share.retry.delay.ms";
    private const string LongestRetryDelay = "moldau.share.retry.delay.max.ms";

    private static readonly string[] Kinds = ["consumer", "share", "streams"];

    public static GroupChangeRules Instance { get; } = new();

    public override SettingRefusal? CheckName(ConfigResource resource) =>
        resource.Name.Length == 0 ? SettingRefusal.Request("all groups together have no settings: set the broker's, which begin with group.") : null;

    public override SettingRefusal? CheckSetting(ConfigResource resource, string name) =>
        Find(name) is null ? SettingRefusal.Config($"groups have no setting '{name}'{SettingTables.Group.Meant(name)}") : null;

    public override SettingDeclaration? Find(string name) => SettingTables.Group.Find(name);

    public override SettingRefusal? CheckTogether(
        ConfigResource resource, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after, SettingLayers layers)
    {
        foreach (var (name, text) in after)
        {
            // What the broker's bounds made impossible since it was set is brought between them where it is read.
            if (before.TryGetValue(name, out var old) && old == text) continue;
            if (Find(name) is not { Type: SettingType.Int } setting || SettingParser.Parse(setting, text) is not int number) continue;
            if (GroupBounds.Least(name) is { } least && number < (int)layers.Find(least)!)
                return SettingRefusal.Config($"'{text}' is not possible for {name}: the broker's {least} bounds it to at least {layers.Find(least)}");
            if (GroupBounds.Most(name) is { } most && number > (int)layers.Find(most)!)
                return SettingRefusal.Config($"'{text}' is not possible for {name}: the broker's {most} bounds it to at most {layers.Find(most)}");
        }

        if (after.TryGetValue(DeadLetters, out var topic) && topic.Length > 0 && (TopicName.Fault(topic) ?? (topic.StartsWith("__", StringComparison.Ordinal) ? $"'{topic}' begins as the broker's own topics do" : null)) is { } fault)
            return SettingRefusal.Config($"{DeadLetters} is no topic for dead letters: {fault}");

        if ((IsNew(RetryDelay, before, after) || IsNew(LongestRetryDelay, before, after))
            && GroupValues.Find(layers, after, RetryDelay) is int delay && GroupValues.Find(layers, after, LongestRetryDelay) is int longest && delay > longest)
            return SettingRefusal.Config($"{RetryDelay} is {delay}: it must not be above {LongestRetryDelay}, which is {longest}");

        foreach (var kind in Kinds)
        {
            var (heartbeat, session) = ($"{kind}.heartbeat.interval.ms", $"{kind}.session.timeout.ms");
            if (GroupValues.Find(layers, after, heartbeat) is int often && GroupValues.Find(layers, after, session) is int timeout && often >= timeout && (after.ContainsKey(heartbeat) || after.ContainsKey(session)))
                return SettingRefusal.Config($"{heartbeat} is {often}: it must be below {session}, which is {timeout}");
        }

        return null;
    }

    private static bool IsNew(string name, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        after.TryGetValue(name, out var text) && !(before.TryGetValue(name, out var old) && old == text);
}
