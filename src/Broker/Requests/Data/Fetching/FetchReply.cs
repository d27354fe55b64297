using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Data.Fetching;

/// <summary>Puts what was read into the response; the slices go with it.</summary>
internal static class FetchReply
{
    private const short FirstWithIds = 13;
    private const short FirstWithStorageError = 6;

    public static void Fill(FetchResponse response, List<FetchItem> items, int count, short version, FetchSession? session, bool isIncremental)
    {
        FetchResponse.FetchedTopic? topic = null;
        for (var i = 0; i < count; i++)
        {
            var item = items[i];
            if (item.Session is { } told)
            {
                var must = told.MustAnswer(item);
                if (isIncremental && !must) continue;
                if (item.Bytes > 0) session!.MoveToEnd(told);
            }

            if (topic is null || !IsOf(topic, item, version)) topic = AddTopic(response, item);
            if (!topic.Partitions.TryReuse(out var answer)) topic.Partitions.Add(answer = new FetchResponse.FetchedPartition());
            answer.Reset();
            Fill(answer, item, version);
        }
    }

    private static bool IsOf(FetchResponse.FetchedTopic topic, FetchItem item, short version) =>
        version >= FirstWithIds ? topic.TopicId == item.TopicId : topic.Topic == item.Topic;

    private static FetchResponse.FetchedTopic AddTopic(FetchResponse response, FetchItem item)
    {
        if (!response.Responses.TryReuse(out var topic)) response.Responses.Add(topic = new FetchResponse.FetchedTopic());
        topic.Topic = item.Topic;
        topic.TopicId = item.TopicId;
        topic.Partitions.Clear();
        return topic;
    }

    private static void Fill(FetchResponse.FetchedPartition answer, FetchItem item, short version)
    {
        answer.PartitionIndex = item.Number;
        answer.ErrorCode = item.Error == ErrorCode.KafkaStorageError && version < FirstWithStorageError ? ErrorCode.NotLeaderOrFollower : item.Error;
        answer.HighWatermark = item.HighWatermark;
        answer.LastStableOffset = item.LastStableOffset;
        answer.LogStartOffset = item.LogStartOffset;
        answer.PreferredReadReplica = -1;
        if (item.IsDiverging)
        {
            answer.DivergingEpoch.Epoch = item.DivergingEpoch;
            answer.DivergingEpoch.EndOffset = item.DivergingEnd;
        }

        answer.AbortedTransactions = item.HasAborted ? [] : null;
        if (answer.AbortedTransactions is not null)
        {
            foreach (var aborted in item.Aborted)
                answer.AbortedTransactions.Add(new FetchResponse.AbortedTransaction { ProducerId = aborted.ProducerId, FirstOffset = aborted.FirstOffset });
        }

        if (item.Records is { } records) answer.Records = RecordData.From(records, records.Slice.Length);
        else answer.Records = RecordData.Of(default);
        item.Records = null;
    }
}
