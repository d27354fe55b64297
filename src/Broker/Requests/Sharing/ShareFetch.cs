using Moldau.Broker.Network;
using Moldau.Broker.Sharing;
using Moldau.Coordination.Deliveries;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Sharing;

/// <summary>ShareFetch: what a request says of its session and its records; the rest is <see cref="ShareFetchWork"/>'s.</summary>
internal sealed class ShareFetch(SharePartitions partitions, ShareSessions sessions, NetworkLog log) : RequestHandler
{
    private const int Unlimited = int.MaxValue;

    public override void Start(Exchange exchange)
    {
        var request = (ShareFetchRequest)exchange.Request;
        ShareRequestChecks.Admit(exchange.Access, request.GroupId, request.MemberId);
        if (request.IsRenewAck) ShareRequestChecks.RequireNothingBesides(request);
        var session = Session(exchange, request, out var error);
        if (error == ErrorCode.ShareSessionLimitReached)
        {
            new LateRefusal(partitions.Parts.Delays).Begin(exchange, request.MaxWaitMs, ShareSessionFaults.Of(error, request.GroupId!, request.MemberId!, 0));
            return;
        }

        if (error != ErrorCode.None) throw new RequestRefusedException(error, ShareSessionFaults.Of(error, request.GroupId!, request.MemberId!, request.ShareSessionEpoch));
        var work = new ShareFetchWork(exchange, partitions, sessions, session!, log) { ClosesSession = request.ShareSessionEpoch == ShareEpochs.Last };
        var byPartition = new Dictionary<(Uuid, int), ShareFetchItem>();
        Acknowledge(exchange, request, work, byPartition);
        if (!work.ClosesSession && !request.IsRenewAck) Take(exchange, request, work, byPartition);
        _ = work.RunAsync();
    }

    public override void Refuse(Exchange exchange, ErrorCode error, string? message)
    {
        var response = (ShareFetchResponse)exchange.Response;
        (response.ErrorCode, response.ErrorMessage) = (error, message);
    }

    private ShareSession? Session(Exchange exchange, ShareFetchRequest request, out ErrorCode error)
    {
        var (group, member) = (request.GroupId!, request.MemberId!);
        if (request.ShareSessionEpoch != ShareEpochs.First)
        {
            error = sessions.Take(group, member, request.ShareSessionEpoch, known => Change(known, request), out var found);
            return found;
        }

        if (HasAcknowledgements(request)) throw new RequestRefusedException(ErrorCode.InvalidRequest, "a request that opens a session has nothing to acknowledge");
        var opened = sessions.Open(group, member, exchange.Connection, partitions.Parts.Settings.Current.ShareGroups.MaxSessions);
        error = opened is null ? ErrorCode.ShareSessionLimitReached : ErrorCode.None;
        if (opened is not null) Change(opened, request);
        return opened;
    }

    private static bool HasAcknowledgements(ShareFetchRequest request)
    {
        foreach (var topic in request.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                if (partition.AcknowledgementBatches.Count > 0) return true;
            }
        }

        return false;
    }

    private static void Change(ShareSession session, ShareFetchRequest request)
    {
        foreach (var topic in request.Topics)
        {
            foreach (var partition in topic.Partitions) session.Add(topic.TopicId, partition.PartitionIndex);
        }

        foreach (var topic in request.ForgottenTopicsData)
        {
            foreach (var number in topic.Partitions) session.Remove(topic.TopicId, number);
        }
    }

    /// <summary>They are taken before anything is given: in each partition they stand in the queue first.</summary>
    private void Acknowledge(Exchange exchange, ShareFetchRequest request, ShareFetchWork work, Dictionary<(Uuid, int), ShareFetchItem> byPartition)
    {
        var (group, member) = (request.GroupId!, request.MemberId!);
        foreach (var topic in request.Topics)
        {
            foreach (var asked in topic.Partitions)
            {
                if (asked.AcknowledgementBatches.Count == 0) continue;
                var ranges = new List<AcknowledgedRange>(asked.AcknowledgementBatches.Count);
                foreach (var batch in asked.AcknowledgementBatches) ranges.Add(new AcknowledgedRange(batch.FirstOffset, batch.LastOffset, [.. batch.AcknowledgeTypes]));
                var item = Item(exchange, work, byPartition, topic.TopicId, asked.PartitionIndex);
                item.Acknowledged = ShareAcknowledge.AcknowledgeAsync(
                    partitions, item.Target, new ShareKey(group, topic.TopicId, asked.PartitionIndex), member, ranges, exchange.Version, request.IsRenewAck);
            }
        }
    }

    private void Take(Exchange exchange, ShareFetchRequest request, ShareFetchWork work, Dictionary<(Uuid, int), ShareFetchItem> byPartition)
    {
        var settings = partitions.Parts.Settings.Current.Requests;
        work.MaxBytes = exchange.Connection.Quotas.MostFetched(exchange, Math.Min(request.MaxBytes, settings.MaxFetchBytes));
        (work.MinBytes, work.MaxWait) = (request.MinBytes, request.MaxWaitMs);
        work.Limits = new AcquireLimits(request.MaxRecords, request.BatchSize <= 0 ? Unlimited : request.BatchSize, request.ShareAcquireMode == 1);
        if (request.MaxRecords <= 0 || request.MaxBytes <= 0) return;
        foreach (var (topicId, number) in sessions.PartitionsOf(work.Session))
            Item(exchange, work, byPartition, topicId, number).Take = new ShareTake { Member = request.MemberId! };
    }

    private ShareFetchItem Item(Exchange exchange, ShareFetchWork work, Dictionary<(Uuid, int), ShareFetchItem> byPartition, Uuid topicId, int number)
    {
        if (byPartition.TryGetValue((topicId, number), out var item)) return item;
        item = new ShareFetchItem(topicId, number) { Target = ShareTarget.Of(partitions.Parts.Topics, exchange.Access, topicId, number) };
        byPartition.Add((topicId, number), item);
        work.Items.Add(item);
        return item;
    }
}
