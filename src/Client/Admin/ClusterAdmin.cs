using Moldau.Client.Connections;
using Moldau.Client.Metadata;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>The cluster as a whole: its brokers, features, disks and its quorum.</summary>
public sealed class ClusterAdmin
{
    private const string MetadataLog = "__cluster_metadata";

    private readonly ClientCore _core;

    internal ClusterAdmin(ClientCore core) => _core = core;

    public async Task<ClusterDescription> DescribeAsync(CancellationToken cancellation = default)
    {
        var cluster = await _core.ClusterAsync(cancellation).ConfigureAwait(false);
        var brokers = new List<BrokerInfo>(cluster.Brokers.Values);
        brokers.Sort(static (one, other) => one.Id.CompareTo(other.Id));
        return new ClusterDescription(cluster.ClusterId, cluster.Controller, brokers);
    }

    /// <summary>The features of the broker asked, in the order of their names.</summary>
    public async Task<IReadOnlyList<FeatureInfo>> FeaturesAsync(CancellationToken cancellation = default)
    {
        var response = await _core.Router.AskAsync<ApiVersionsResponse>(
            Destination.Any, ApiKey.ApiVersions, new ApiVersionsRequest { ClientSoftwareName = "moldau", ClientSoftwareVersion = "0" },
            static answer => (answer.ErrorCode, null), cancellation).ConfigureAwait(false);
        var finalized = new Dictionary<string, short>(StringComparer.Ordinal);
        foreach (var feature in response.FinalizedFeatures) finalized[feature.Name] = feature.MaxVersionLevel;
        var features = new List<FeatureInfo>();
        foreach (var feature in response.SupportedFeatures)
            features.Add(new FeatureInfo(feature.Name, feature.MinVersion, feature.MaxVersion, finalized.TryGetValue(feature.Name, out var level) ? level : null));
        features.Sort(static (one, other) => string.CompareOrdinal(one.Name, other.Name));
        return features;
    }

    /// <summary>The log folders of brokers with what is in them; of a broker that cannot be asked, its error.</summary>
    /// <param name="brokers">Which; none for all.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<Outcome<IReadOnlyList<LogDirInfo>>>> LogDirsAsync(IReadOnlyCollection<int> brokers, CancellationToken cancellation = default)
    {
        IReadOnlyList<int> asked = brokers.Count > 0 ? [.. brokers.Order()] : await _core.BrokersAsync(cancellation).ConfigureAwait(false);
        return await Outcomes.OfBrokersAsync<IReadOnlyList<LogDirInfo>>(asked, async broker =>
        {
            var response = await _core.Router.AskAsync<DescribeLogDirsResponse>(
                Destination.Node(broker), ApiKey.DescribeLogDirs, new DescribeLogDirsRequest { Topics = null }, static answer => (answer.ErrorCode, null), cancellation).ConfigureAwait(false);
            return [new($"broker {broker}", Folders(broker, response), null)];
        }).ConfigureAwait(false);
    }

    /// <exception cref="KafkaException">There is none: not every cluster decides by a log of its own.</exception>
    public async Task<QuorumInfo> QuorumAsync(CancellationToken cancellation = default)
    {
        var request = new DescribeQuorumRequest
        {
            Topics = [new DescribeQuorumRequest.Topic { TopicName = MetadataLog, Partitions = [new DescribeQuorumRequest.Partition()] }],
        };
        var response = await _core.Router.AskAsync<DescribeQuorumResponse>(
            Destination.Any, ApiKey.DescribeQuorum, request, static answer => (answer.ErrorCode, answer.ErrorMessage), cancellation).ConfigureAwait(false);
        var log = response.Topics[0].Partitions[0];
        if (log.ErrorCode != ErrorCode.None) throw KafkaException.Of(log.ErrorCode, log.ErrorMessage, MetadataLog);
        var members = new List<QuorumInfo.Member>();
        foreach (var voter in log.CurrentVoters) members.Add(new QuorumInfo.Member(voter.ReplicaId, IsVoter: true, voter.LogEndOffset));
        foreach (var observer in log.Observers) members.Add(new QuorumInfo.Member(observer.ReplicaId, IsVoter: false, observer.LogEndOffset));
        return new QuorumInfo(log.LeaderId, log.LeaderEpoch, log.HighWatermark, members);
    }

    /// <summary>Sets levels of features, all of them or none where the cluster can.</summary>
    /// <exception cref="KafkaException">They were refused.</exception>
    public async Task<IReadOnlyList<Outcome<short>>> UpdateFeaturesAsync(IReadOnlyCollection<FeatureChange> changes, bool validateOnly = false, CancellationToken cancellation = default)
    {
        var response = await _core.Router.AskAsync<UpdateFeaturesResponse>(
            Destination.Controller, ApiKey.UpdateFeatures, version => FeatureRequest(changes, validateOnly, version), static answer => (answer.ErrorCode, answer.ErrorMessage), cancellation).ConfigureAwait(false);
        var told = new Dictionary<string, UpdateFeaturesResponse.Result>(StringComparer.Ordinal);
        foreach (var result in response.Results) told[result.Feature] = result;
        var outcomes = new List<Outcome<short>>();
        foreach (var change in changes)
        {
            // Newer brokers answer for all of them at once.
            var refused = told.TryGetValue(change.Name, out var result) && result.ErrorCode != ErrorCode.None ? KafkaException.Of(result.ErrorCode, result.ErrorMessage, change.Name) : null;
            outcomes.Add(new(change.Name, change.Level, refused));
        }

        return outcomes;
    }

    /// <summary>Forgets a broker that is gone and will not come back.</summary>
    /// <exception cref="KafkaException">It was refused, or there is no such broker.</exception>
    public Task UnregisterAsync(int broker, CancellationToken cancellation = default) =>
        _core.Router.AskAsync<UnregisterBrokerResponse>(
            Destination.Controller, ApiKey.UnregisterBroker, new UnregisterBrokerRequest { BrokerId = broker },
            answer => (answer.ErrorCode, answer.ErrorMessage is { Length: > 0 } told ? $"broker {broker}: {told}" : null), cancellation);

    private UpdateFeaturesRequest FeatureRequest(IReadOnlyCollection<FeatureChange> changes, bool validateOnly, short version)
    {
        const short FirstWithKinds = 1;
        if (validateOnly && version < FirstWithKinds) throw new KafkaException(ErrorCode.UnsupportedVersion, "brokers before 3.3 cannot only check a change of features");
        var request = new UpdateFeaturesRequest { TimeoutMs = (int)_core.Options.RequestTimeout.TotalMilliseconds, ValidateOnly = validateOnly };
        foreach (var change in changes)
        {
            var update = new UpdateFeaturesRequest.Update { Feature = change.Name, MaxVersionLevel = change.Level };
            if (version < FirstWithKinds) update.AllowDowngrade = change.Change != FeatureChangeKind.Upgrade;
            else update.UpgradeType = (sbyte)change.Change;
            request.FeatureUpdates.Add(update);
        }

        return request;
    }

    private static List<LogDirInfo> Folders(int broker, DescribeLogDirsResponse response)
    {
        var folders = new List<LogDirInfo>();
        foreach (var folder in response.Results)
        {
            var replicas = new List<LogDirInfo.Replica>();
            foreach (var topic in folder.Topics)
            {
                foreach (var partition in topic.Partitions)
                    replicas.Add(new LogDirInfo.Replica(new TopicPartition(topic.Name, partition.PartitionIndex), partition.PartitionSize, partition.OffsetLag, partition.IsFutureKey));
            }

            folders.Add(new LogDirInfo(broker, folder.LogDir, folder.ErrorCode, folder.TotalBytes, folder.UsableBytes, replicas));
        }

        return folders;
    }
}
