using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Storage.Files;
using Moldau.Storage.Folders;

namespace Moldau.Broker.Requests.Topics;

/// <summary>DeleteRecords: what is below an offset is out of sight, durably, when the answer says so; its segments go with retention.</summary>
internal sealed class DeleteRecords(HostedTopics topics, DataFolders folders, NetworkLog log) : TypedHandler<DeleteRecordsRequest, DeleteRecordsResponse>(log)
{
    private const long HighWatermark = -1;
    private const long None = -1;

    protected override async ValueTask HandleAsync(Exchange exchange, DeleteRecordsRequest request, DeleteRecordsResponse response)
    {
        var touched = new HashSet<DataFolder>();
        var access = exchange.Access;
        for (var i = 0; i < request.Topics.Count; i++)
        {
            var asked = request.Topics[i];
            var answered = new DeleteRecordsResponse.Topic { Name = asked.Name };
            response.Topics.Add(answered);
            var isForbidden = !access.Allows(AclOperation.Delete, AclResource.Topic, asked.Name);
            for (var j = 0; j < asked.Partitions.Count; j++)
            {
                var part = asked.Partitions[j];
                var answer = new DeleteRecordsResponse.Partition { PartitionIndex = part.PartitionIndex, LowWatermark = None };
                answered.Partitions.Add(answer);
                if (isForbidden)
                {
                    answer.ErrorCode = ErrorCode.TopicAuthorizationFailed;
                    continue;
                }

                answer.ErrorCode = await MoveAsync(topics.Find(asked.Name)?.Find(part.PartitionIndex), part.Offset, answer, touched).ConfigureAwait(false);
                if (answer.ErrorCode == ErrorCode.None) exchange.Changed($"deleted the records below {answer.LowWatermark} of", "partition", $"{asked.Name}-{part.PartitionIndex}");
            }
        }

        foreach (var folder in touched) Save(folder, response);
    }

    protected override void Refuse(DeleteRecordsRequest request, DeleteRecordsResponse response, ErrorCode error, string? message)
    {
        foreach (var asked in request.Topics)
        {
            var answered = new DeleteRecordsResponse.Topic { Name = asked.Name };
            foreach (var part in asked.Partitions)
                answered.Partitions.Add(new DeleteRecordsResponse.Partition { PartitionIndex = part.PartitionIndex, LowWatermark = None, ErrorCode = error });
            response.Topics.Add(answered);
        }
    }

    private async Task<ErrorCode> MoveAsync(Partition? partition, long offset, DeleteRecordsResponse.Partition answer, HashSet<DataFolder> touched)
    {
        if (partition is null || partition.IsDeleted) return ErrorCode.UnknownTopicOrPartition;
        if (partition.Log is not { } served) return ErrorCode.KafkaStorageError;
        // Only compaction may decide what a compacted topic forgets.
        if (served.Settings is { Compacts: true, Deletes: false }) return ErrorCode.PolicyViolation;
        var error = ErrorCode.None;
        await partition.Queue.RunAsync(() =>
        {
            // Not the one of before: it may have moved to another folder.
            if (partition.Log is not { } log)
            {
                error = ErrorCode.KafkaStorageError;
                return;
            }

            var target = offset == HighWatermark ? partition.HighWatermark : offset;
            if (target < 0 || target > partition.HighWatermark)
            {
                error = ErrorCode.OffsetOutOfRange;
                return;
            }

            if (log.MoveStart(target)) partition.Changed(log);
            answer.LowWatermark = log.StartOffset;
        }).ConfigureAwait(false);
        if (error == ErrorCode.None && folders.FolderOf(new PartitionName(partition.Topic, partition.Number)) is { Opened: { } folder }) touched.Add(folder);
        return error;
    }

    private void Save(DataFolder folder, DeleteRecordsResponse response)
    {
        try
        {
            folder.SaveStartOffsets();
        }
        catch (DiskException)
        {
            // They are out of sight, and may come back with a crash: not what was asked for.
            foreach (var topic in response.Topics)
            {
                foreach (var answer in topic.Partitions)
                {
                    if (answer.ErrorCode != ErrorCode.None || folders.FolderOf(new PartitionName(topic.Name, answer.PartitionIndex))?.Opened != folder) continue;
                    answer.ErrorCode = ErrorCode.KafkaStorageError;
                    answer.LowWatermark = None;
                }
            }
        }
    }
}
