using Moldau.Broker.Network;
using Moldau.Broker.Sharing;
using Moldau.Coordination.Deliveries;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Sharing;

/// <summary>ShareAcknowledge: a member says what became of records that it has, and may close its session with that.</summary>
internal sealed class ShareAcknowledge(SharePartitions partitions, ShareSessions sessions, NetworkLog log) : TypedHandler<ShareAcknowledgeRequest, ShareAcknowledgeResponse>(log)
{
    protected override async ValueTask HandleAsync(Exchange exchange, ShareAcknowledgeRequest request, ShareAcknowledgeResponse response)
    {
        var (access, version) = (exchange.Access, exchange.Version);
        ShareRequestChecks.Admit(access, request.GroupId, request.MemberId);
        var (group, member) = (request.GroupId!, request.MemberId!);
        ShareSession? session = null;
        var error = request.ShareSessionEpoch == ShareEpochs.First ? ErrorCode.InvalidShareSessionEpoch : sessions.Take(group, member, request.ShareSessionEpoch, static _ => { }, out session);
        if (error != ErrorCode.None) throw new RequestRefusedException(error, ShareSessionFaults.Of(error, group, member, request.ShareSessionEpoch));
        var running = new List<(ShareAcknowledgeResponse.Partition Answer, Task<ShareFault?> Ended)>();
        foreach (var topic in request.Topics)
        {
            var told = new ShareAcknowledgeResponse.Topic { TopicId = topic.TopicId };
            response.Responses.Add(told);
            foreach (var asked in topic.Partitions)
            {
                var answer = new ShareAcknowledgeResponse.Partition { PartitionIndex = asked.PartitionIndex };
                told.Partitions.Add(answer);
                var ranges = new List<AcknowledgedRange>(asked.AcknowledgementBatches.Count);
                foreach (var batch in asked.AcknowledgementBatches) ranges.Add(new AcknowledgedRange(batch.FirstOffset, batch.LastOffset, [.. batch.AcknowledgeTypes]));
                running.Add((answer, AcknowledgeAsync(group, member, topic.TopicId, asked.PartitionIndex, ranges, access, version, request.IsRenewAck)));
            }
        }

        foreach (var (answer, ended) in running)
        {
            if (await ended.ConfigureAwait(false) is { } fault) (answer.ErrorCode, answer.ErrorMessage) = (fault.Error, fault.Message);
        }

        if (request.ShareSessionEpoch == ShareEpochs.Last) await sessions.CloseAsync(session!).ConfigureAwait(false);
        response.AcquisitionLockTimeoutMs = partitions.RulesOf(group).Deliveries.LockDuration;
    }

    protected override void Refuse(ShareAcknowledgeRequest request, ShareAcknowledgeResponse response, ErrorCode error, string? message) =>
        (response.ErrorCode, response.ErrorMessage) = (error, message);

    /// <returns>Null where it was taken.</returns>
    internal static async Task<ShareFault?> AcknowledgeAsync(SharePartitions partitions, ShareTarget target, ShareKey key, string member, IReadOnlyList<AcknowledgedRange> ranges, short version, bool mayRenew)
    {
        if (target.Fault is { } missing) return missing;
        if (ShareRequestChecks.Fault(ranges, version, mayRenew) is { } fault) return fault;
        if (partitions.Find(key) is not { } partition) return new ShareFault(ErrorCode.UnknownTopicOrPartition, "nobody of the group has fetched from it since this broker leads it");
        return await partition.AcknowledgeAsync(member, ranges).ConfigureAwait(false);
    }

    private Task<ShareFault?> AcknowledgeAsync(
        string group, string member, Uuid topicId, int number, IReadOnlyList<AcknowledgedRange> ranges, Access access, short version, bool mayRenew) =>
        AcknowledgeAsync(partitions, ShareTarget.Of(partitions.Parts.Topics, access, topicId, number), new ShareKey(group, topicId, number), member, ranges, version, mayRenew);
}
