using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Transactions;

/// <summary>
/// Brings the markers of decided transactions into their partitions, asking until each has answered. Markers carry the
/// coordinator's epoch: one that was replaced meanwhile is refused by the partitions.
/// </summary>
/// <param name="coordinatorEpoch">That of the leader of the shard's partition.</param>
/// <param name="deliver">Takes requests to the partitions.</param>
/// <param name="completed">Told when the last partition has answered.</param>
internal sealed class MarkerRounds(int coordinatorEpoch, Action<PeerRequest> deliver, Action<string, Outcome> completed)
{
    public const string Timer = "markers";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, MarkerRound> _rounds = [];

    /// <summary>The transaction is decided; its record may not be committed yet, and the request waits for that.</summary>
    public void Begin(string id, Transaction transaction, Outcome outcome)
    {
        var round = new MarkerRound(id, transaction);
        _rounds[id] = round;
        Ask(round, outcome);
    }

    public void Clear() => _rounds.Clear();

    public void Elapsed(string id, Outcome outcome)
    {
        if (_rounds.TryGetValue(id, out var round)) Ask(round, outcome);
    }

    public void Answered(MarkerRound round, WriteTxnMarkersResponse answer, Outcome outcome)
    {
        // One of an earlier round, or the answer to a repetition of one that was answered.
        if (_rounds.GetValueOrDefault(round.Id) != round) return;
        foreach (var marker in answer.Markers)
        {
            foreach (var topic in marker.Topics)
            {
                foreach (var partition in topic.Partitions)
                {
                    if (IsDone(partition.ErrorCode)) round.Left.Remove(new TransactionPartition(topic.Name, partition.PartitionIndex));
                }
            }
        }

        if (round.Left.Count > 0)
        {
            var pause = Math.Min(ShortestPause.TotalMilliseconds * Math.Pow(2, Math.Min(round.Failures++, 10)), LongestPause.TotalMilliseconds);
            outcome.SetTimer(new ShardTimer(Timer, round.Id), TimeSpan.FromMilliseconds(pause));
            return;
        }

        _rounds.Remove(round.Id);
        outcome.StopTimer(new ShardTimer(Timer, round.Id));
        completed(round.Id, outcome);
    }

    /// <summary>
    /// An epoch above the marker's says that the transaction was ended there by somebody else, an administrator. What else
    /// goes wrong may go right another time.
    /// </summary>
    private static bool IsDone(ErrorCode error) => error is ErrorCode.None or ErrorCode.InvalidProducerEpoch
        or ErrorCode.UnknownTopicId or ErrorCode.UnsupportedForMessageFormat or ErrorCode.UnsupportedVersion;

    private void Ask(MarkerRound round, Outcome outcome)
    {
        outcome.Send(new MarkerRequest(deliver, round, this, coordinatorEpoch));
        outcome.SetTimer(new ShardTimer(Timer, round.Id), Patience);
    }
}
