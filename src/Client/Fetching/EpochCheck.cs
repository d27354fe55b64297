using Moldau.Client.Connections;
using Moldau.Client.Metadata;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Fetching;

/// <summary>Asks new leaders where the epoch ends that was read last (KIP-320).</summary>
internal sealed class EpochCheck(ClientCore core, FetchPlan plan)
{
    // Before, it takes a right over the whole cluster, which those who only read do not have.
    private const short FirstForReaders = 3;
    private const int Consumer = -1;

    /// <summary>It throws nothing but that it was cancelled.</summary>
    public async Task RunAsync(List<(PartitionState State, long Fence)> partitions, CancellationToken cancellation)
    {
        var positions = new Dictionary<TopicPartition, OffsetPosition>();
        foreach (var (state, _) in partitions) positions[state.Where] = plan.AheadOf(state);
        var found = new Dictionary<TopicPartition, Outcome<OffsetPosition?>>();
        var outcomes = await core.Leaders.OnceAsync<OffsetPosition?>(positions.Keys, (connection, led, token) => AskAsync(connection, led, positions, token), cancellation).ConfigureAwait(false);
        foreach (var (where, outcome) in outcomes) found[where] = outcome;
        foreach (var (state, fence) in partitions)
        {
            if (!found.TryGetValue(state.Where, out var outcome)) plan.Checked(state, fence, null);
            else if (outcome.Error is { } failure) plan.Failed(state, fence, failure);
            else plan.Checked(state, fence, outcome.Value);
        }
    }

    private async Task<IEnumerable<(TopicPartition Where, Outcome<OffsetPosition?> Outcome)>> AskAsync(
        BrokerConnection connection, IReadOnlyList<(TopicPartition Where, PartitionInfo Info)> led, Dictionary<TopicPartition, OffsetPosition> positions, CancellationToken cancellation)
    {
        var outcomes = new List<(TopicPartition, Outcome<OffsetPosition?>)>();
        var version = connection.Choose(ApiKey.OffsetForLeaderEpoch);
        if (version < FirstForReaders) return outcomes;
        var request = new OffsetForLeaderEpochRequest { ReplicaId = Consumer };
        foreach (var (where, info) in led)
        {
            request.Topics.Add(new OffsetForLeaderEpochRequest.EpochTopic
            {
                Topic = where.Topic,
                Partitions = [new OffsetForLeaderEpochRequest.EpochPartition { Partition = where.Partition, CurrentLeaderEpoch = info.LeaderEpoch, LeaderEpoch = positions[where].LeaderEpoch }],
            });
        }

        var response = await connection.SendAsync<OffsetForLeaderEpochResponse>(ApiKey.OffsetForLeaderEpoch, version, request, core.Options.RequestTimeout, cancellation).ConfigureAwait(false);
        foreach (var topic in response.Topics)
        {
            foreach (var end in topic.Partitions)
            {
                var where = new TopicPartition(topic.Topic, end.Partition);
                outcomes.Add((where, Outcomes.Of<OffsetPosition?>(where, end.ErrorCode, new OffsetPosition(end.EndOffset, end.LeaderEpoch))));
            }
        }

        return outcomes;
    }
}
