using System.Collections.Concurrent;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Network;
using Moldau.Broker.Quotas;
using Moldau.Broker.Requests.Topics;
using Moldau.Broker.Settings.Changes;
using Moldau.Coordination.Groups.Streams.Topologies;
using Moldau.Protocol.Errors;

namespace Moldau.Broker.Requests.Groups;

/// <summary>
/// Creates the internal topics of streams groups, behind the answers of those who need them. What kept it from one is remembered for a
/// while: members are told, and it is not tried before that is over.
/// </summary>
internal sealed class InternalTopics(MetadataFollower metadata, TopicCreator creator, LiveSettings settings, TimeProvider clock, NetworkLog log)
{
    private const int ManyFailures = 1000;

    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Reason, DateTimeOffset Until)> _failed = new(StringComparer.Ordinal);

    /// <summary>Null where nothing is known against it.</summary>
    public string? FailureOf(string topic)
    {
        if (!_failed.TryGetValue(topic, out var failure)) return null;
        if (clock.GetUtcNow() < failure.Until) return failure.Reason;
        _failed.TryRemove(KeyValuePair.Create(topic, failure));
        return null;
    }

    /// <param name="topics">Their numbers of partitions are decided.</param>
    /// <param name="memory">How long a failure is remembered.</param>
    /// <param name="allowance">What whoever needs them may make.</param>
    /// <param name="created">Is told of each.</param>
    public void Create(IReadOnlyList<InternalTopic> topics, TimeSpan memory, MutationAllowance allowance, Action<string> created)
    {
        var mine = topics.Where(topic => FailureOf(topic.Name) is null && _underWay.TryAdd(topic.Name, true)).ToArray();
        if (mine.Length > 0) _ = Task.Run(() => CreateAllAsync(mine, memory, allowance, created));
    }

    private async Task CreateAllAsync(IReadOnlyList<InternalTopic> topics, TimeSpan memory, MutationAllowance allowance, Action<string> created)
    {
        foreach (var topic in topics)
        {
            try
            {
                await CreateAsync(topic, allowance).ConfigureAwait(false);
                created(topic.Name);
            }
            catch (RequestRefusedException refused)
            {
                Remember(topic.Name, refused.Message, memory);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                log.RequestFailed("the creation of internal topic " + topic.Name, 0, "here", "a streams group", fault);
                Remember(topic.Name, "the broker failed at it; its log says how", memory);
            }
            finally
            {
                _underWay.TryRemove(topic.Name, out _);
            }
        }
    }

    private async Task CreateAsync(InternalTopic topic, MutationAllowance allowance)
    {
        const short BrokersDefault = -1;
        var image = metadata.Current;
        CreateTopics.CheckName(image, topic.Name);
        var placement = ReplicaPlacement.Of(topic.Partitions, topic.ReplicationFactor == 0 ? BrokersDefault : topic.ReplicationFactor, settings.Current, image);
        var configs = SettingChanges.ForNewTopic(topic.Name, [.. topic.Settings.Select(static setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))], settings.Layers(image));
        if (!configs.IsPossible) throw new RequestRefusedException(configs.Error, configs.Message!);
        allowance.Take(placement.Replicas.Count);
        var outcome = await creator.CreateAsync(topic.Name, placement.Replicas.Count, placement.Replicas, configs.Values).ConfigureAwait(false);
        if (outcome.Error != ErrorCode.None) throw new RequestRefusedException(outcome.Error, outcome.Message!);
    }

    private void Remember(string topic, string reason, TimeSpan memory)
    {
        // Nobody may ask again for what failed long ago.
        if (_failed.Count >= ManyFailures)
        {
            foreach (var name in _failed.Keys) FailureOf(name);
        }

        _failed[topic] = (reason, clock.GetUtcNow() + memory);
    }
}
