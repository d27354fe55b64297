using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Requests;
using Moldau.Broker.Requests.Topics;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Broker.Timing;
using Moldau.Coordination.Groups;
using Moldau.Coordination.Shards;
using Moldau.Coordination.ShareStates;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Coordinators.ShareStates;

/// <summary>The share coordinators of this broker. Whoever needs them asks by messages, through <see cref="IPeers"/>.</summary>
internal sealed class ShareStateShards : IDisposable
{
    private readonly CoordinatorParts _parts;
    private readonly Pruning _pruning;
    private readonly Func<ITopicDirectory> _topics;
    private volatile Cached? _rules;

    public ShareStateShards(CoordinatorParts parts, MetadataFollower metadata, TopicCreator creator, Func<ITopicDirectory> topics)
    {
        (_parts, _topics) = (parts, topics);
        Topic = new CoordinatorTopic<ShareStateMachine>(TopicName.ShareGroupState, _ => new ShareStateMachine(Rules, _topics), CoordinatorTopicRules.ShareState, metadata, creator, parts);
        _pruning = new Pruning(this);
        _pruning.Schedule();
    }

    public CoordinatorTopic<ShareStateMachine> Topic { get; }

    /// <param name="request">One of the five to share coordinators.</param>
    /// <returns>Its response, with a result for each partition that was asked for.</returns>
    public async Task<IMessage> AskAsync(IMessage request)
    {
        var question = ShareStateQuestion.Of(request);
        if (question.Rows.Count == 0) return question.Response;
        var (error, message) = await EnsureAsync().ConfigureAwait(false);
        if (error == ErrorCode.None)
        {
            await RunAsync(question.Rows, new Answered(isHasty: request is WriteShareGroupStateRequest)).ConfigureAwait(false);
        }
        else
        {
            foreach (var row in question.Rows) row.Failed(error, message);
        }

        return question.Response;
    }

    /// <summary>The topic is no more, and nothing that was kept of it is needed.</summary>
    public void Forget(TopicImage topic)
    {
        foreach (var shard in Topic.Shards) shard.Run(new NoReply(), (machine, outcome) => machine.ForgetTopic(topic.Id, outcome));
    }

    public void Dispose()
    {
        _parts.Delays.Cancel(_pruning);
        Topic.Dispose();
    }

    /// <summary>Makes the topic where it is missing.</summary>
    public async Task<(ErrorCode Error, string? Message)> EnsureAsync()
    {
        try
        {
            return await Topic.EnsureAsync().ConfigureAwait(false);
        }
        catch (RequestRefusedException refused)
        {
            return (ErrorCode.CoordinatorNotAvailable, refused.Message);
        }
    }

    /// <summary>Those that fall to one shard are one event of it: their records share a batch.</summary>
    private Task RunAsync(IReadOnlyList<ShareStateRow> rows, Answered answered)
    {
        var gathered = new GatheredReply(answered);
        var shards = Topic.Shards;
        var byShard = new Dictionary<int, List<ShareStateRow>>();
        foreach (var row in rows)
        {
            var shard = ShardNumber.Of(row.Key.CoordinatorId, shards.Count);
            if (!byShard.TryGetValue(shard, out var sharing)) byShard.Add(shard, sharing = []);
            sharing.Add(row);
        }

        foreach (var (shard, ofShard) in byShard)
        {
            var reply = gathered.Part((error, message) => ofShard.ForEach(row => row.Failed(error, message)));
            shards[shard].Run(reply, (machine, outcome) =>
            {
                foreach (var row in ofShard) row.Event(machine, outcome);
                outcome.Send(reply);
            });
        }

        gathered.Ended();
        return answered.Task;
    }

    private ShareStateRules Rules()
    {
        var settings = _parts.Settings.Current;
        if (_rules is { } known && known.Settings == settings) return known.Rules;
        var rules = new ShareStateRules { UpdatesPerSnapshot = settings.ShareState.UpdatesPerSnapshot, ColdSnapshotInterval = settings.ShareState.ColdSnapshotInterval };
        _rules = new Cached(settings, rules);
        return rules;
    }

    private sealed record Cached(BrokerSettings Settings, ShareStateRules Rules);

    /// <param name="isHasty">
    /// Whoever waits goes on upon the thread that has flushed, instead of one that has to wake first: half the processor time of a group with one
    /// member. He has to be brief, since others' flushes wait for him.
    /// </param>
    private sealed class Answered(bool isHasty) : PendingReply
    {
        private readonly TaskCompletionSource _all = new(isHasty ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _all.Task;

        public override void Send() => _all.TrySetResult();

        public override void Fail(ErrorCode code, string? message) => _all.TrySetResult();
    }

    private sealed class Pruning(ShareStateShards shards) : Delay
    {
        public void Schedule() => shards._parts.Delays.Schedule(this, shards._parts.Settings.Current.ShareState.PruneInterval);

        public override void Elapsed()
        {
            foreach (var shard in shards.Topic.Shards) shard.Prune();
            Schedule();
        }
    }
}
