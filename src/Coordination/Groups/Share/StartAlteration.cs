using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Share;

/// <summary>AlterShareGroupOffsets: a group that nobody is in begins elsewhere. What became of records before is forgotten.</summary>
internal sealed class StartAlteration(ShareGroups groups)
{
    public void Run(AlterShareGroupOffsetsRequest request, PendingReply<AlterShareGroupOffsetsResponse> reply, Outcome outcome)
    {
        var group = groups.FindOrMake(request.GroupId, mayMake: true);
        if (group.HasMembers) throw ShareGroups.NotEmpty(group.Name);
        var topics = groups.Surroundings.Topics();
        var wanted = new Dictionary<Uuid, StateTopic>();
        var starts = new Dictionary<(Uuid Topic, int Partition), (long Start, AlterShareGroupOffsetsResponse.Partition Told)>();
        foreach (var asked in request.Topics)
        {
            var row = new AlterShareGroupOffsetsResponse.Topic { TopicName = asked.TopicName };
            reply.Response.Responses.Add(row);
            var topic = topics.Find(asked.TopicName);
            if (topic is not null) row.TopicId = topic.Id;
            foreach (var partition in asked.Partitions)
            {
                var told = new AlterShareGroupOffsetsResponse.Partition { PartitionIndex = partition.PartitionIndex };
                row.Partitions.Add(told);
                if (topic is null || (uint)partition.PartitionIndex >= (uint)topic.PartitionCount)
                    (told.ErrorCode, told.ErrorMessage) = (ErrorCode.UnknownTopicOrPartition, $"there is no partition {partition.PartitionIndex} of a topic '{asked.TopicName}'");
                else
                    starts[(topic.Id, partition.PartitionIndex)] = (partition.StartOffset, told);
            }

            if (topic is not null && starts.Keys.Where(start => start.Topic == topic.Id).Select(static start => start.Partition).ToHashSet() is { Count: > 0 } known) wanted[topic.Id] = new StateTopic(topic.Name, known);
        }

        if (wanted.Count == 0)
        {
            outcome.Send(reply);
            return;
        }

        var epoch = Write(group, wanted, topics, outcome);
        var question = StateInitialization.Request(group.Name, epoch, wanted, (topic, partition) => starts[(topic, partition)].Start);
        var deletions = group.Deletions;
        groups.Requests.Ask(question, reply, (response, then) =>
        {
            var answer = response as InitializeShareGroupStateResponse;
            groups.States.Note(group, deletions, wanted, StateInitialization.Fault(answer).Error, then);
            Tell(answer, starts);
            then.Send(reply);
        }, outcome);
    }

    /// <summary>What is initialized waits for it too: where nobody answers it may be done yet, until somebody who joins has it asked for in a later epoch.</summary>
    /// <returns>An epoch that no alteration had before: one that comes late or twice takes back nothing.</returns>
    private int Write(ShareGroup group, Dictionary<Uuid, StateTopic> wanted, ITopicDirectory topics, Outcome outcome)
    {
        var records = new ShareRecords(group.Name);
        var (epoch, hash) = group.EpochAndHash.Value;
        if (epoch == group.AlteredEpoch) records.GroupEpoch(++epoch, hash);
        records.States(group.States.Value.WithInitializing(wanted, topics));
        groups.Append(group, records, outcome);
        group.AlteredEpoch = epoch;
        return epoch;
    }

    private static void Tell(InitializeShareGroupStateResponse? answer, Dictionary<(Uuid Topic, int Partition), (long Start, AlterShareGroupOffsetsResponse.Partition Told)> starts)
    {
        if (answer is null)
        {
            foreach (var (_, told) in starts.Values) (told.ErrorCode, told.ErrorMessage) = (ErrorCode.CoordinatorNotAvailable, "the share coordinator did not answer");
            return;
        }

        foreach (var topic in answer.Results)
        {
            foreach (var partition in topic.Partitions)
            {
                if (starts.TryGetValue((topic.TopicId, partition.Partition), out var start)) (start.Told.ErrorCode, start.Told.ErrorMessage) = (partition.ErrorCode, partition.ErrorMessage);
            }
        }
    }
}
