using System.Globalization;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Metadata;
using Moldau.Host.Commands.Debugging;
using Moldau.Host.Commands.Doctor.Facts;

namespace Moldau.Host.Commands.Doctor.Reading;

/// <summary>Asks a running cluster what it tells of itself. What it may not be asked is noted, and the rest goes on.</summary>
internal sealed class ClusterReader(KafkaClient client, TimeProvider clock)
{
    /// <summary>More groups than that are not looked at: it would take longer than what it tells is worth.</summary>
    private const int MostGroups = 100;

    private readonly List<string> _unknown = [];

    public async Task<(ClusterFacts Facts, IReadOnlyList<BrokerSettingFacts> Settings)> ReadAsync(string server, string? http, TimeSpan between, CancellationToken cancellation)
    {
        ClusterDescription cluster;
        try
        {
            cluster = await client.Cluster.DescribeAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is KafkaException or KafkaTimeoutException or KafkaConnectionException)
        {
            return (new ClusterFacts { Server = server, Problem = failure.Message }, []);
        }

        var (settings, silent) = await SettingsAsync(cluster, cancellation).ConfigureAwait(false);
        var topics = await TryAsync("topics", () => client.Topics.ListAsync(cancellation)).ConfigureAwait(false) ?? [];
        var features = await TryAsync("features", () => client.Cluster.FeaturesAsync(cancellation)).ConfigureAwait(false) ?? [];
        var facts = new ClusterFacts
        {
            Server = server,
            Id = cluster.Id,
            Brokers = cluster.Brokers,
            Silent = silent,
            MetadataVersion = features.FirstOrDefault(static feature => feature.Name == "metadata.version"),
            Topics = topics,
            MinimumInSync = await MinimaAsync(topics, cancellation).ConfigureAwait(false),
            Folders = await FoldersAsync(cluster, silent, cancellation).ConfigureAwait(false),
            Groups = await LagsAsync(between, cancellation).ConfigureAwait(false),
        };
        facts = http is null ? facts : await WithHealthAsync(facts, http).ConfigureAwait(false);
        return (facts with { Unknown = _unknown }, settings);
    }

    private async Task<(List<BrokerSettingFacts> Settings, Dictionary<int, string> Silent)> SettingsAsync(ClusterDescription cluster, CancellationToken cancellation)
    {
        var (settings, silent) = (new List<BrokerSettingFacts>(), new Dictionary<int, string>());
        foreach (var broker in cluster.Brokers)
        {
            try
            {
                var name = new ConfigResource(ConfigResourceType.Broker, broker.Id.ToString(CultureInfo.InvariantCulture));
                var values = await client.Configs.DescribeAsync(name, cancellation: cancellation).ConfigureAwait(false);
                settings.Add(new BrokerSettingFacts(broker.Id, cluster.Brokers.Count, values.ToDictionary(static value => value.Name, static value => value.Value)));
            }
            catch (Exception failure) when (failure is KafkaTimeoutException or KafkaConnectionException)
            {
                silent.Add(broker.Id, failure.Message);
            }
            catch (KafkaException failure)
            {
                _unknown.Add($"the settings of broker {broker.Id}: {failure.Message}");
            }
        }

        return (settings, silent);
    }

    private async Task<Dictionary<string, int>> MinimaAsync(IReadOnlyList<TopicInfo> topics, CancellationToken cancellation)
    {
        var minima = new Dictionary<string, int>();
        foreach (var topic in topics)
        {
            if (topic.Partitions.All(static partition => partition.InSync.Count == partition.Replicas.Count)) continue;
            var values = await TryAsync($"the settings of topic {topic.Name}", () => client.Configs.DescribeAsync(new ConfigResource(ConfigResourceType.Topic, topic.Name), cancellation: cancellation)).ConfigureAwait(false);
            if (int.TryParse(values?.FirstOrDefault(static value => value.Name == "min.insync.replicas")?.Value, CultureInfo.InvariantCulture, out var least)) minima.Add(topic.Name, least);
        }

        return minima;
    }

    private async Task<List<LogDirInfo>> FoldersAsync(ClusterDescription cluster, Dictionary<int, string> silent, CancellationToken cancellation)
    {
        var folders = new List<LogDirInfo>();
        var asked = cluster.Brokers.Select(static broker => broker.Id).Where(id => !silent.ContainsKey(id)).ToList();
        if (asked.Count == 0) return folders;
        foreach (var outcome in await TryAsync("data folders", () => client.Cluster.LogDirsAsync(asked, cancellation)).ConfigureAwait(false) ?? [])
        {
            if (outcome.Error is { } error) _unknown.Add($"data folders: {error.Message}");
            else folders.AddRange(outcome.Value ?? []);
        }

        return folders;
    }

    /// <summary>Looked at twice, with some time between.</summary>
    private async Task<List<ClusterFacts.GroupLag>> LagsAsync(TimeSpan between, CancellationToken cancellation)
    {
        if (between <= TimeSpan.Zero) return [];
        var groups = (await TryAsync("groups", () => client.Groups.ListAsync(cancellation: cancellation)).ConfigureAwait(false) ?? [])
            .Where(static outcome => outcome.Error is null).Select(static outcome => outcome.Value!)
            .Where(static group => group.Type is null or "classic" or "consumer" && group.State is not ("Empty" or "Dead")).Select(static group => group.Id).Take(MostGroups).ToList();
        if (groups.Count == 0) return [];
        var started = clock.GetTimestamp();
        var before = await LagAsync(groups, cancellation).ConfigureAwait(false);
        await Task.Delay(between, clock, cancellation).ConfigureAwait(false);
        var after = await LagAsync(groups, cancellation).ConfigureAwait(false);
        var passed = clock.GetElapsedTime(started);
        return [.. before.Where(lag => after.ContainsKey(lag.Key)).Select(lag => new ClusterFacts.GroupLag(lag.Key, lag.Value, after[lag.Key], passed))];
    }

    private async Task<Dictionary<string, long>> LagAsync(IReadOnlyCollection<string> groups, CancellationToken cancellation)
    {
        var lags = new Dictionary<string, long>();
        foreach (var outcome in await TryAsync("groups", () => client.Groups.DescribeAsync(groups, cancellation)).ConfigureAwait(false) ?? [])
        {
            if (outcome.Value is not { IsEmpty: false } group) continue;
            var partitions = await TryAsync($"the offsets of group {group.Id}", () => client.Groups.LagAsync(group, cancellation)).ConfigureAwait(false);
            if (partitions is not null) lags.Add(group.Id, partitions.Sum(static partition => partition.Lag ?? 0));
        }

        return lags;
    }

    private async Task<ClusterFacts> WithHealthAsync(ClusterFacts facts, string http)
    {
        var (isReady, state, there) = await HealthPage.AskAsync(http, TimeSpan.FromSeconds(5)).ConfigureAwait(false);
        // It tells whole seconds, cut off: half of one is the fairest guess.
        var skew = there - clock.GetUtcNow() + TimeSpan.FromSeconds(0.5);
        return facts with { WasHealthAsked = true, NotReady = isReady ? null : state, ClockSkew = skew };
    }

    private async Task<T?> TryAsync<T>(string what, Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is KafkaException or KafkaTimeoutException or KafkaConnectionException)
        {
            _unknown.Add($"{what}: {failure.Message}");
            return null;
        }
    }
}
