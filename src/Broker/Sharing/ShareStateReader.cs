using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Sharing;

/// <summary>Asks the share coordinator for the state of one share-partition, again and again where it cannot be reached.</summary>
internal static class ShareStateReader
{
    private const int Attempts = 8;
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);

    /// <returns>A row, with an error where there is none.</returns>
    public static async Task<ReadShareGroupStateResponse.PartitionResult> ReadAsync(ShareKey key, int leaderEpoch, IPeers peers, TimeProvider clock)
    {
        for (var (attempt, pause) = (1, s_firstPause); ; attempt++, pause *= 2)
        {
            var row = await AskAsync(key, leaderEpoch, peers).ConfigureAwait(false);
            if (!ShareFault.IsPassing(row.ErrorCode) || attempt == Attempts) return row;
            await Task.Delay(pause, clock).ConfigureAwait(false);
        }
    }

    /// <returns>Why what was read once does not count any more: the state was set anew, or is gone with its group; null where it counts, or nobody can be asked.</returns>
    public static async Task<ShareFault?> FaultAsync(ShareKey key, int leaderEpoch, int stateEpoch, IPeers peers, TimeProvider clock)
    {
        var row = await ReadAsync(key, leaderEpoch, peers, clock).ConfigureAwait(false);
        if (ShareFault.IsPassing(row.ErrorCode) || (row.ErrorCode == ErrorCode.None && row.StateEpoch == stateEpoch)) return null;
        return ShareFault.Of(ErrorCode.FencedStateEpoch, null);
    }

    private static async Task<ReadShareGroupStateResponse.PartitionResult> AskAsync(ShareKey key, int leaderEpoch, IPeers peers)
    {
        var request = new ReadShareGroupStateRequest { GroupId = key.Group };
        var topic = new ReadShareGroupStateRequest.Topic { TopicId = key.TopicId };
        topic.Partitions.Add(new ReadShareGroupStateRequest.PartitionQuery { Partition = key.Number, LeaderEpoch = leaderEpoch });
        request.Topics.Add(topic);
        if (await peers.AskAsync(request).ConfigureAwait(false) is ReadShareGroupStateResponse response)
        {
            foreach (var told in response.Results)
            {
                foreach (var row in told.Partitions) return row;
            }
        }

        return new ReadShareGroupStateResponse.PartitionResult { Partition = key.Number, ErrorCode = ErrorCode.CoordinatorNotAvailable };
    }
}
