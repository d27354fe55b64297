using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Sharing;

/// <summary>
/// What a broker remembers of what a member reads from it (KIP-932). The first request of a session names every partition and
/// acknowledges nothing; those behind it name what is new, what is gone, and what is acknowledged. Each counts.
/// </summary>
internal sealed class ShareSession
{
    private const int Beginning = 0;
    private const int Ending = -1;

    private readonly Dictionary<TopicPartition, Uuid> _known = [];
    private int _epoch = Beginning;

    /// <summary>Whether the broker knows it: only then it can be told anything of records.</summary>
    public bool IsOpen => _epoch != Beginning;

    /// <summary>The session's part of a request for records.</summary>
    /// <param name="wanted">Every partition that is to be read.</param>
    /// <param name="told">What goes with it; nothing where the session is not open.</param>
    /// <param name="request">Gets them.</param>
    public void Fill(IReadOnlyList<SharePartition> wanted, SentAcknowledgements told, ShareFetchRequest request)
    {
        if (!IsOpen && !told.IsEmpty) throw new InvalidOperationException("a session is opened without acknowledgements");
        request.Topics.Clear();
        request.ForgottenTopicsData.Clear();
        if (!IsOpen) _known.Clear();
        var names = new HashSet<TopicPartition>();
        foreach (var partition in wanted)
        {
            names.Add(partition.Where);
            if (_known.TryGetValue(partition.Where, out var id) && id == partition.TopicId) continue;
            if (!id.IsZero) Forget(partition.Where, id, request);
            _known[partition.Where] = partition.TopicId;
            Find(request, partition);
        }

        foreach (var (where, id) in new List<KeyValuePair<TopicPartition, Uuid>>(_known))
        {
            if (names.Contains(where)) continue;
            Forget(where, id, request);
            _known.Remove(where);
        }

        foreach (var partition in told.Partitions)
        {
            var acknowledged = Find(request, partition);
            foreach (var span in told.Merged(partition))
                acknowledged.AcknowledgementBatches.Add(new ShareFetchRequest.Acknowledgement { FirstOffset = span.First, LastOffset = span.Last, AcknowledgeTypes = [span.Type] });
        }

        request.ShareSessionEpoch = _epoch;
    }

    /// <summary>The session's part of a request that only acknowledges.</summary>
    /// <param name="told">What.</param>
    /// <param name="isLast">Whether it also ends the session.</param>
    /// <param name="request">Gets it.</param>
    public void Fill(SentAcknowledgements told, bool isLast, ShareAcknowledgeRequest request)
    {
        if (!IsOpen) throw new InvalidOperationException("nothing can be acknowledged before a session is open");
        request.Topics.Clear();
        foreach (var partition in told.Partitions)
        {
            var acknowledged = new ShareAcknowledgeRequest.Partition { PartitionIndex = partition.Where.Partition };
            foreach (var span in told.Merged(partition))
                acknowledged.AcknowledgementBatches.Add(new ShareAcknowledgeRequest.Acknowledgement { FirstOffset = span.First, LastOffset = span.Last, AcknowledgeTypes = [span.Type] });
            TopicOf(request, partition.TopicId).Partitions.Add(acknowledged);
        }

        request.ShareSessionEpoch = isLast ? Ending : _epoch;
    }

    /// <summary>The broker has taken a request of it.</summary>
    public void Took() => _epoch = _epoch == int.MaxValue ? 1 : _epoch + 1;

    /// <summary>Nobody knows what the broker remembers: the next request begins another.</summary>
    public void Reset() => _epoch = Beginning;

    private static ShareFetchRequest.Partition Find(ShareFetchRequest request, SharePartition wanted)
    {
        var topic = TopicOf(request, wanted.TopicId);
        foreach (var partition in topic.Partitions)
        {
            if (partition.PartitionIndex == wanted.Where.Partition) return partition;
        }

        var added = new ShareFetchRequest.Partition { PartitionIndex = wanted.Where.Partition };
        topic.Partitions.Add(added);
        return added;
    }

    private static ShareFetchRequest.Topic TopicOf(ShareFetchRequest request, Uuid id)
    {
        foreach (var topic in request.Topics)
        {
            if (topic.TopicId == id) return topic;
        }

        var added = new ShareFetchRequest.Topic { TopicId = id };
        request.Topics.Add(added);
        return added;
    }

    private static ShareAcknowledgeRequest.Topic TopicOf(ShareAcknowledgeRequest request, Uuid id)
    {
        foreach (var topic in request.Topics)
        {
            if (topic.TopicId == id) return topic;
        }

        var added = new ShareAcknowledgeRequest.Topic { TopicId = id };
        request.Topics.Add(added);
        return added;
    }

    private static void Forget(TopicPartition where, Uuid id, ShareFetchRequest request)
    {
        foreach (var topic in request.ForgottenTopicsData)
        {
            if (topic.TopicId != id) continue;
            topic.Partitions.Add(where.Partition);
            return;
        }

        request.ForgottenTopicsData.Add(new ShareFetchRequest.ForgottenTopic { TopicId = id, Partitions = [where.Partition] });
    }
}
