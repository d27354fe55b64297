using Moldau.Client.Connections;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>Asks for a streams group (KIP-1071): its members run tasks, which are told of as the partitions that these read.</summary>
internal static class StreamsDescriptions
{
    /// <summary>Null where it is no streams group, or the broker has none.</summary>
    public static async Task<GroupDescription?> AskAsync(ClientCore core, string group, int coordinator, CancellationToken cancellation)
    {
        try
        {
            var response = await core.Router.AskAsync<StreamsGroupDescribeResponse>(
                Destination.CoordinatorOfGroup(group), ApiKey.StreamsGroupDescribe, new StreamsGroupDescribeRequest { GroupIds = [group] },
                static answer => (answer.Groups[0].ErrorCode, answer.Groups[0].ErrorMessage), cancellation).ConfigureAwait(false);
            return Of(response.Groups[0], coordinator);
        }
        catch (KafkaException failure) when (failure.Code is ErrorCode.GroupIdNotFound or ErrorCode.UnsupportedVersion)
        {
            return null;
        }
    }

    private static GroupDescription Of(StreamsGroupDescribeResponse.Group group, int coordinator)
    {
        var sources = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var own = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var part in group.Topology?.Subtopologies ?? [])
        {
            var topics = new List<string>(part.SourceTopics);
            foreach (var topic in part.RepartitionSourceTopics) topics.Add(topic.Name);
            own.UnionWith(part.RepartitionSourceTopics.Concat(part.StateChangelogTopics).Select(static topic => topic.Name));
            sources[part.SubtopologyId] = topics;
        }

        var members = new List<GroupMember>();
        foreach (var member in group.Members)
        {
            var (assigned, target) = (Partitions(member.Assignment, sources), Partitions(member.TargetAssignment, sources));
            members.Add(new GroupMember(member.MemberId, member.InstanceId, member.ClientId, member.ClientHost, member.MemberEpoch, assigned, target));
        }

        return new GroupDescription(group.GroupId, "streams", group.GroupState, "", group.GroupEpoch, coordinator, members) { InternalTopics = [.. own] };
    }

    /// <summary>What the active tasks read; standbys read only what is the application's own.</summary>
    private static List<TopicPartition> Partitions(StreamsGroupDescribeResponse.MemberAssignment assignment, Dictionary<string, List<string>> sources)
    {
        var partitions = new List<TopicPartition>();
        foreach (var tasks in assignment.ActiveTasks)
        {
            if (!sources.TryGetValue(tasks.SubtopologyId, out var topics)) continue;
            foreach (var topic in topics)
            {
                foreach (var partition in tasks.Partitions) partitions.Add(new TopicPartition(topic, partition));
            }
        }

        return partitions;
    }
}
