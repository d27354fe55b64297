using System.Globalization;
using Moldau.Host.Commands.Doctor.Facts;
using Moldau.Protocol.Errors;

namespace Moldau.Host.Commands.Doctor.Rules;

/// <summary>What a running cluster should be like.</summary>
internal static class ClusterRules
{
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(2);

    public static IEnumerable<Finding> Reachable(ClusterFacts facts)
    {
        if (facts.Problem is { } problem)
        {
            yield return Finding.Fail($"{facts.Server}: {problem}", "a broker that answers", "systemctl status moldau, journalctl -u moldau; --server takes HOST:PORT");
            yield break;
        }

        yield return Finding.Ok(Text($"{facts.Server} answers: cluster {facts.Id}, {facts.Brokers.Count} broker(s)"));
        foreach (var unknown in facts.Unknown) yield return Finding.Warn($"not all could be asked: {unknown}", "the right to describe the cluster, topics and groups", "run this as a user who may describe them");
    }

    public static IEnumerable<Finding> Brokers(ClusterFacts facts)
    {
        foreach (var (broker, problem) in facts.Silent)
        {
            var where = facts.Brokers.FirstOrDefault(known => known.Id == broker) is { } known ? Text($"{known.Host}:{known.Port}") : "somewhere unknown";
            yield return Finding.Fail(Text($"broker {broker} says it is at {where}, and does not answer there: {problem}"), "an address that clients reach: they are sent there", "advertised.listeners of that broker, or its service");
        }
    }

    public static IEnumerable<Finding> Ready(ClusterFacts facts)
    {
        if (!facts.WasHealthAsked) yield break;
        yield return facts.NotReady is { } reason
            ? Finding.Fail($"not ready: {reason}", "ready", "wait for the logs to be looked through, or see the broker's log")
            : Finding.Ok("the broker says it is ready");
    }

    public static IEnumerable<Finding> Clock(ClusterFacts facts)
    {
        if (facts.ClockSkew is not { } skew) yield break;
        var what = Text($"the broker's clock is {Math.Abs(skew.TotalSeconds):0} s {(skew < TimeSpan.Zero ? "behind" : "ahead of")} this one");
        yield return skew.Duration() > MostSkew ? Finding.Warn(what, "the same time on both: timestamps, retention and tokens follow it", "chrony or systemd-timesyncd on both machines") : Finding.Ok("the broker's clock is with this one");
    }

    public static IEnumerable<Finding> Versions(ClusterFacts facts)
    {
        if (facts.MetadataVersion is not { Finalized: { } settled } version) yield break;
        var what = Text($"metadata.version is {settled}");
        yield return settled < version.HighestSupported
            ? Finding.Warn(Text($"{what}, and the brokers can do {version.HighestSupported}"), "the highest, once all brokers are upgraded for good", "kafka-features.sh --bootstrap-server HOST:PORT upgrade --release-version VERSION")
            : Finding.Ok(what);
    }

    public static IEnumerable<Finding> Offline(ClusterFacts facts)
    {
        if (facts.Problem is not null) yield break;
        var named = facts.Topics.SelectMany(static topic => topic.Partitions.Where(static partition => partition.Leader < 0).Select(partition => Text($"{topic.Name}-{partition.Partition}"))).ToList();
        yield return named.Count == 0
            ? Finding.Ok(Text($"{facts.Topics.Sum(static topic => topic.Partitions.Count)} partitions, all with a leader"))
            : Finding.Fail($"without a leader: {Listed(named)}", "a leader: nobody can write or read them", "bring the brokers back that have them, or their data folders: moldau cluster log-dirs");
    }

    public static IEnumerable<Finding> BelowMinimum(ClusterFacts facts)
    {
        var named = facts.Topics
            .SelectMany(topic => topic.Partitions.Where(partition => facts.MinimumInSync.TryGetValue(topic.Name, out var least) && partition.InSync.Count < least).Select(partition => Text($"{topic.Name}-{partition.Partition}")))
            .ToList();
        if (named.Count > 0) yield return Finding.Fail($"below min.insync.replicas: {Listed(named)}", "enough replicas in sync: writers with acks=all are refused", "bring the missing brokers back");
    }

    public static IEnumerable<Finding> UnderReplicated(ClusterFacts facts)
    {
        var named = facts.Topics.SelectMany(static topic => topic.Partitions.Where(static partition => partition.InSync.Count < partition.Replicas.Count).Select(partition => Text($"{topic.Name}-{partition.Partition}"))).ToList();
        if (named.Count > 0) yield return Finding.Warn($"with replicas out of sync: {Listed(named)}", "all in sync", "bring the missing brokers back; if all are there, look at their disks and at the network between them");
    }

    public static IEnumerable<Finding> SingleCopy(ClusterFacts facts)
    {
        if (facts.Brokers.Count < 2) yield break;
        var named = facts.Topics.Where(static topic => topic.Partitions.Any(static partition => partition.Replicas.Count == 1)).Select(static topic => topic.Name).ToList();
        if (named.Count > 0) yield return Finding.Warn($"with one copy: {Listed(named)}", "three copies: these are gone with their broker", "kafka-reassign-partitions.sh with more replicas");
    }

    public static IEnumerable<Finding> FailedFolders(ClusterFacts facts)
    {
        foreach (var folder in facts.Folders)
        {
            if (folder.Error != ErrorCode.None)
                yield return Finding.Fail(Text($"broker {folder.Broker}: {folder.Path}: {folder.Error.Name()}"), "a folder that can be written to", "look at the disk, then restart the broker");
        }
    }

    public static IEnumerable<Finding> FullDisks(ClusterFacts facts)
    {
        foreach (var folder in facts.Folders)
        {
            if (folder.Error != ErrorCode.None || folder.TotalBytes <= 0 || folder.UsableBytes < 0) continue;
            var full = 1 - ((double)folder.UsableBytes / folder.TotalBytes);
            var what = Text($"broker {folder.Broker}: the disk of {folder.Path} is {ByteText.Share(full)} full");
            const string should = "80 % at most: a folder whose disk is full goes offline";
            const string mend = "a larger disk, or less retention: moldau config set topic TOPIC retention.bytes=BYTES";
            yield return full > 0.95 ? Finding.Fail(what, should, mend) : full > 0.8 ? Finding.Warn(what, should, mend) : Finding.Ok(what);
        }
    }

    public static IEnumerable<Finding> GrowingLag(ClusterFacts facts)
    {
        foreach (var group in facts.Groups)
        {
            if (group.After > group.Before)
                yield return Finding.Warn(Text($"group {group.Group} was {group.Before} records behind, and {group.Between.TotalSeconds:0.#} s later {group.After}"), "readers as fast as the writers, over time", $"moldau group describe {group.Group} says where; more members, up to one a partition");
        }
    }

    private static string Listed(List<string> names)
    {
        const int most = 5;
        return names.Count <= most ? string.Join(", ", names) : Text($"{string.Join(", ", names.Take(most))} and {names.Count - most} more");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
