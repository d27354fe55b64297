using Moldau.Coordination.Deliveries;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Sharing;

/// <summary>
/// Brings what has changed in the share-partitions of one group to the share coordinator: one request at a time, with all that
/// came since the last went.
/// </summary>
internal sealed class ShareStateWriter(string group, SharingParts parts)
{
    private readonly Lock _sync = new();
    private List<(SharePartition Partition, StateWrite Write)> _waiting = [];
    private bool _isSending;

    public void Send(SharePartition partition, StateWrite write)
    {
        lock (_sync)
        {
            _waiting.Add((partition, write));
            if (_isSending) return;
            _isSending = true;
        }

        _ = SendAsync();
    }

    private async Task SendAsync()
    {
        while (true)
        {
            List<(SharePartition Partition, StateWrite Write)> taken;
            lock (_sync)
            {
                if (_waiting.Count == 0)
                {
                    _isSending = false;
                    return;
                }

                (taken, _waiting) = (_waiting, []);
            }

            var answers = await AskAsync(taken).ConfigureAwait(false);
            foreach (var (partition, _) in taken)
            {
                var (error, message) = answers.GetValueOrDefault((partition.Key.TopicId, partition.Key.Number), (ErrorCode.CoordinatorNotAvailable, null));
                partition.WriteEnded(error, message);
            }
        }
    }

    private async Task<Dictionary<(Uuid, int), (ErrorCode Error, string? Message)>> AskAsync(List<(SharePartition Partition, StateWrite Write)> taken)
    {
        var answers = new Dictionary<(Uuid, int), (ErrorCode, string?)>();
        try
        {
            if (await parts.Peers.AskAsync(RequestOf(taken)).ConfigureAwait(false) is not WriteShareGroupStateResponse response) return answers;
            foreach (var topic in response.Results)
            {
                foreach (var row in topic.Partitions) answers[(topic.TopicId, row.Partition)] = (row.ErrorCode, row.ErrorMessage);
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            parts.Log.SharingFailed(group, fault);
        }

        return answers;
    }

    private WriteShareGroupStateRequest RequestOf(List<(SharePartition Partition, StateWrite Write)> taken)
    {
        var request = new WriteShareGroupStateRequest { GroupId = group };
        var topics = new Dictionary<Uuid, WriteShareGroupStateRequest.Topic>();
        foreach (var (partition, write) in taken)
        {
            if (!topics.TryGetValue(partition.Key.TopicId, out var topic))
            {
                topics[partition.Key.TopicId] = topic = new WriteShareGroupStateRequest.Topic { TopicId = partition.Key.TopicId };
                request.Topics.Add(topic);
            }

            var row = new WriteShareGroupStateRequest.PartitionState
            {
                Partition = partition.Key.Number,
                StateEpoch = partition.StateEpoch,
                LeaderEpoch = partition.LeaderEpoch,
                StartOffset = write.StartOffset,
                DeliveryCompleteCount = write.DoneCount,
            };
            foreach (var change in write.Changes)
            {
                row.StateBatches.Add(new WriteShareGroupStateRequest.Batch
                {
                    FirstOffset = change.First, LastOffset = change.Last, DeliveryState = (sbyte)change.State, DeliveryCount = change.Count,
                });
            }

            topic.Partitions.Add(row);
        }

        return request;
    }
}
