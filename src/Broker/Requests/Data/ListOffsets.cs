using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Requests.Data;

/// <summary>ListOffsets: where a partition begins and ends for this reader, and where a time lies in it.</summary>
internal sealed class ListOffsets(HostedTopics topics, Func<ListenerFacts, Partition, bool>? leads, NetworkLog log) : TypedHandler<ListOffsetsRequest, ListOffsetsResponse>(log)
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long MaxTimestamp = -3;
    private const long EarliestLocal = -4;
    private const long LatestTiered = -5;
    private const long EarliestPendingUpload = -6;
    private const short FirstWithEpoch = 4;
    private const long None = -1;
    private const int Unknown = -1;

    protected override ValueTask HandleAsync(Exchange exchange, ListOffsetsRequest request, ListOffsetsResponse response)
    {
        var isCommitted = request.IsolationLevel == 1;
        var access = exchange.Access;
        var seen = new HashSet<int>();
        foreach (var asked in request.Topics)
        {
            var topic = topics.Find(asked.Name);
            var isForbidden = !access.Allows(AclOperation.Describe, AclResource.Topic, asked.Name);
            var answered = new ListOffsetsResponse.Topic { Name = asked.Name };
            seen.Clear();
            foreach (var part in asked.Partitions)
            {
                if (!isForbidden && !seen.Add(part.PartitionIndex))
                {
                    RefuseSecond(answered, part.PartitionIndex);
                    continue;
                }

                var answer = new ListOffsetsResponse.Partition { PartitionIndex = part.PartitionIndex, Offset = None, Timestamp = None, LeaderEpoch = Unknown };
                answer.ErrorCode = isForbidden ? ErrorCode.TopicAuthorizationFailed : Answer(exchange, topic?.Find(part.PartitionIndex), part, isCommitted, answer);
                answered.Partitions.Add(answer);
            }

            response.Topics.Add(answered);
        }

        return ValueTask.CompletedTask;
    }

    protected override void Refuse(ListOffsetsRequest request, ListOffsetsResponse response, ErrorCode error, string? message)
    {
        foreach (var asked in request.Topics)
        {
            var answered = new ListOffsetsResponse.Topic { Name = asked.Name };
            foreach (var part in asked.Partitions)
                answered.Partitions.Add(new ListOffsetsResponse.Partition { PartitionIndex = part.PartitionIndex, ErrorCode = error, Offset = None, Timestamp = None, LeaderEpoch = Unknown });
            response.Topics.Add(answered);
        }
    }

    /// <summary>One partition has one answer: whoever asks twice gets none of the two.</summary>
    private static void RefuseSecond(ListOffsetsResponse.Topic answered, int number)
    {
        foreach (var answer in answered.Partitions)
        {
            if (answer.PartitionIndex == number) (answer.ErrorCode, answer.Offset, answer.Timestamp, answer.LeaderEpoch) = (ErrorCode.InvalidRequest, None, None, Unknown);
        }
    }

    private ErrorCode Answer(Exchange exchange, Partition? partition, ListOffsetsRequest.Partition asked, bool isCommitted, ListOffsetsResponse.Partition answer)
    {
        if (partition is null || partition.IsDeleted) return ErrorCode.UnknownTopicOrPartition;
        if (partition.Log is not { } log) return ErrorCode.KafkaStorageError;
        if (asked.CurrentLeaderEpoch != Unknown && asked.CurrentLeaderEpoch != partition.LeaderEpoch)
            return asked.CurrentLeaderEpoch < partition.LeaderEpoch ? ErrorCode.FencedLeaderEpoch : ErrorCode.UnknownLeaderEpoch;
        if (leads is not null && !leads(exchange.Connection.Listener, partition)) return ErrorCode.NotLeaderOrFollower;
        if (!IsServed(asked.Timestamp, exchange.Version)) return ErrorCode.UnsupportedVersion;

        // What cannot be seen has no offset either: its time is not yet.
        var end = isCommitted ? partition.LastStableOffset : partition.HighWatermark;
        try
        {
            Fill(answer, asked.Timestamp, partition, log, end);
            if (exchange.Version < FirstWithEpoch) answer.LeaderEpoch = Unknown;
            return ErrorCode.None;
        }
        catch (IOException) when (partition.HasReplaced(log))
        {
            return Answer(exchange, partition, asked, isCommitted, answer);
        }
        catch (LogDamageException)
        {
            return ErrorCode.CorruptMessage;
        }
        catch (IOException)
        {
            return ErrorCode.KafkaStorageError;
        }
    }

    private static bool IsServed(long timestamp, short version) => timestamp switch
    {
        >= 0 or Latest or Earliest => true,
        MaxTimestamp => version >= 7,
        EarliestLocal => version >= 8,
        LatestTiered => version >= 9,
        EarliestPendingUpload => version >= 11,
        _ => false,
    };

    private static void Fill(ListOffsetsResponse.Partition answer, long timestamp, Partition partition, PartitionLog log, long end)
    {
        switch (timestamp)
        {
            case Latest:
                answer.Offset = end;
                answer.LeaderEpoch = partition.LeaderEpoch;
                break;
            case Earliest or EarliestLocal:
                answer.Offset = log.StartOffset;
                answer.LeaderEpoch = partition.EpochOf(log, log.StartOffset);
                break;
            // Nothing is kept elsewhere.
            case LatestTiered or EarliestPendingUpload:
                answer.LeaderEpoch = Unknown;
                break;
            default:
                var found = timestamp == MaxTimestamp ? log.FindMaxTimestamp() : log.FindTimestamp(timestamp);
                if (found is not { } record || record.Offset >= end) break;
                answer.Offset = record.Offset;
                answer.Timestamp = record.Timestamp;
                answer.LeaderEpoch = partition.EpochOf(log, record.Offset);
                break;
        }
    }
}
