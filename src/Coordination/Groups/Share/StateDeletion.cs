using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Share;

/// <summary>
/// Has share coordinators forget the state of topics, or of a whole group. What is to go is written down first, so that what was
/// interrupted can be taken up again by whoever asks for it.
/// </summary>
internal sealed class StateDeletion(ShareGroups groups)
{
    /// <summary>A group that nobody is in, with all its state.</summary>
    /// <param name="tell">Puts the result into the reply.</param>
    public void DeleteGroup(ShareGroup group, Action<ErrorCode> tell, PendingReply reply, Outcome outcome)
    {
        var states = group.States.Value;
        var going = StatePartitions.Union(StatePartitions.Union(states.Initialized, states.Initializing), Left(states));
        if (going.Count == 0)
        {
            Finish(group.Name, tell, outcome);
            outcome.Send(reply);
            return;
        }

        Ask(group, going, reply, (faults, then) =>
        {
            if (faults.Count > 0) tell(faults.Values.First().Error);
            else Finish(group.Name, tell, then);
            then.Send(reply);
        }, outcome);
    }

    /// <summary>DeleteShareGroupOffsets: everything a group that nobody is in has of some topics.</summary>
    public void DeleteOffsets(DeleteShareGroupOffsetsRequest request, PendingReply<DeleteShareGroupOffsetsResponse> reply, Outcome outcome)
    {
        var group = groups.FindOrMake(request.GroupId, mayMake: false);
        if (group.HasMembers) throw ShareGroups.NotEmpty(group.Name);
        var (states, topics) = (group.States.Value, groups.Surroundings.Topics());
        var going = new Dictionary<Uuid, StateTopic>();
        var told = new List<DeleteShareGroupOffsetsResponse.Topic>();
        foreach (var asked in request.Topics)
        {
            var row = new DeleteShareGroupOffsetsResponse.Topic { TopicName = asked.TopicName };
            reply.Response.Responses.Add(row);
            if (topics.Find(asked.TopicName) is not { } topic)
            {
                (row.ErrorCode, row.ErrorMessage) = (ErrorCode.UnknownTopicOrPartition, $"there is no topic '{asked.TopicName}'");
            }
            else if (states.Initialized.TryGetValue(topic.Id, out var known))
            {
                going[topic.Id] = known;
            }
            else if (states.Deleting.ContainsKey(topic.Id))
            {
                going[topic.Id] = All(topic);
            }
            else
            {
                (row.ErrorCode, row.ErrorMessage) = (ErrorCode.UnknownTopicOrPartition, "There is no offset information to delete.");
            }

            if (row.ErrorCode != ErrorCode.None) continue;
            row.TopicId = topics.Find(asked.TopicName)!.Id;
            told.Add(row);
        }

        if (going.Count == 0)
        {
            outcome.Send(reply);
            return;
        }

        Ask(group, going, reply, (faults, then) =>
        {
            foreach (var row in told)
            {
                if (faults.TryGetValue(row.TopicId, out var fault)) (row.ErrorCode, row.ErrorMessage) = fault;
            }

            var gone = going.Keys.Where(topic => !faults.ContainsKey(topic)).ToHashSet();
            if (groups.FindShare(request.GroupId) is { } left) groups.Write(left, left.States.Value with { Deleting = left.States.Value.Deleting.Where(topic => !gone.Contains(topic.Key)).ToDictionary() }, then);
            then.Send(reply);
        }, outcome);
    }

    private void Finish(string name, Action<ErrorCode> tell, Outcome outcome)
    {
        var group = groups.FindShare(name);
        // Somebody may have joined, or deleted it, while the answer was on its way.
        if (group is { HasMembers: true })
        {
            tell(ErrorCode.NonEmptyGroup);
            return;
        }

        if (group is not null) groups.Forget(group, outcome);
        tell(group is null ? ErrorCode.GroupIdNotFound : ErrorCode.None);
    }

    private void Ask(
        ShareGroup group, Dictionary<Uuid, StateTopic> going, PendingReply waiting, Action<Dictionary<Uuid, (ErrorCode Error, string? Message)>, Outcome> then, Outcome outcome)
    {
        groups.Write(group, group.States.Value.WithDeleting(going), outcome);
        group.Going.UnionWith(going.Keys);
        var request = new DeleteShareGroupStateRequest { GroupId = group.Name };
        foreach (var (id, topic) in going)
        {
            var row = new DeleteShareGroupStateRequest.Topic { TopicId = id };
            foreach (var partition in topic.Partitions.Order()) row.Partitions.Add(new DeleteShareGroupStateRequest.PartitionQuery { Partition = partition });
            request.Topics.Add(row);
        }

        groups.Requests.Ask(request, waiting, (response, after) =>
        {
            groups.FindShare(group.Name)?.Going.ExceptWith(going.Keys);
            then(Faults(response as DeleteShareGroupStateResponse, going), after);
        }, outcome);
    }

    /// <summary>By topic. Of what is not known to anybody nothing is left.</summary>
    private static Dictionary<Uuid, (ErrorCode Error, string? Message)> Faults(DeleteShareGroupStateResponse? response, Dictionary<Uuid, StateTopic> going)
    {
        if (response is null) return going.Keys.ToDictionary(static topic => topic, static _ => (ErrorCode.CoordinatorNotAvailable, (string?)"the share coordinator did not answer"));
        var faults = new Dictionary<Uuid, (ErrorCode, string?)>();
        foreach (var topic in response.Results)
        {
            foreach (var partition in topic.Partitions)
            {
                if (partition.ErrorCode is not (ErrorCode.None or ErrorCode.UnknownTopicOrPartition)) faults.TryAdd(topic.TopicId, (partition.ErrorCode, partition.ErrorMessage));
            }
        }

        return faults;
    }

    /// <summary>What an earlier attempt has left.</summary>
    private Dictionary<Uuid, StateTopic> Left(StatePartitions states)
    {
        var topics = groups.Surroundings.Topics();
        var left = new Dictionary<Uuid, StateTopic>();
        foreach (var id in states.Deleting.Keys)
        {
            if (topics.Find(id) is { } topic) left[id] = All(topic);
        }

        return left;
    }

    private static StateTopic All(TopicFacts topic) => new(topic.Name, Enumerable.Range(0, topic.PartitionCount).ToHashSet());
}
