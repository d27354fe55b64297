using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Sharing;

/// <summary>Puts what was taken into the response; the slices go with it. Of partitions that have nothing to tell it says nothing.</summary>
internal static class ShareFetchReply
{
    public static void Fill(ShareFetchResponse response, List<ShareFetchItem> items)
    {
        var topics = new Dictionary<Uuid, ShareFetchResponse.Topic>();
        foreach (var item in items)
        {
            if (item.Acknowledged is null && item.Fault is null && !item.HasRecords) continue;
            if (!topics.TryGetValue(item.TopicId, out var topic))
            {
                topics[item.TopicId] = topic = new ShareFetchResponse.Topic { TopicId = item.TopicId };
                response.Responses.Add(topic);
            }

            topic.Partitions.Add(Answer(item));
        }
    }

    private static ShareFetchResponse.Partition Answer(ShareFetchItem item)
    {
        var answer = new ShareFetchResponse.Partition { PartitionIndex = item.Number, Records = RecordData.Of(default) };
        if (item.Acknowledged?.Result is { } refused) (answer.AcknowledgeErrorCode, answer.AcknowledgeErrorMessage) = (refused.Error, refused.Message);
        if (item.Take is not { } take) return answer;
        if (item.Fault is { } fault) (answer.ErrorCode, answer.ErrorMessage) = (fault.Error, fault.Message);
        if (take.Records is not { } records) return answer;
        foreach (var range in take.Ranges)
            answer.AcquiredRecords.Add(new ShareFetchResponse.Acquired { FirstOffset = range.First, LastOffset = range.Last, DeliveryCount = range.Count });
        answer.Records = RecordData.From(records, records.Slice.Length);
        take.Records = null;
        return answer;
    }
}
