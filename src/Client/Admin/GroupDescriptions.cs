using Moldau.Client.Connections;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Admin;

/// <summary>Asks for a group in the new protocol, and in the old one where it is none of the new or the broker has none; at last as a share group or one of streams.</summary>
internal static class GroupDescriptions
{
    private const string ClassicConsumers = "consumer";
    private const string Dead = "Dead";

    public static async Task<GroupDescription> AskAsync(ClientCore core, string group, CancellationToken cancellation)
    {
        var destination = Destination.CoordinatorOfGroup(group);
        var coordinator = await core.Router.LocateAsync(destination, cancellation).ConfigureAwait(false);
        try
        {
            var response = await core.Router.AskAsync<ConsumerGroupDescribeResponse>(
                destination, ApiKey.ConsumerGroupDescribe, new ConsumerGroupDescribeRequest { GroupIds = [group] },
                static answer => (answer.Groups[0].ErrorCode, answer.Groups[0].ErrorMessage), cancellation).ConfigureAwait(false);
            return Of(response.Groups[0], coordinator);
        }
        catch (KafkaException failure) when (failure.Code is ErrorCode.GroupIdNotFound or ErrorCode.UnsupportedVersion)
        {
            // It may be one of the old protocol.
        }

        try
        {
            var classic = await core.Router.AskAsync<DescribeGroupsResponse>(
                destination, ApiKey.DescribeGroups, new DescribeGroupsRequest { Groups = [group] },
                static answer => (answer.Groups[0].ErrorCode, answer.Groups[0].ErrorMessage), cancellation).ConfigureAwait(false);
            // A broker from before version 6 describes a group that is not there as a dead one.
            return classic.Groups[0].GroupState == Dead
                ? throw new KafkaException(ErrorCode.GroupIdNotFound, $"there is no group '{group}'", group)
                : Of(classic.Groups[0], coordinator);
        }
        catch (KafkaException failure) when (failure.Code == ErrorCode.GroupIdNotFound)
        {
            if (await AskShareAsync(core, group, coordinator, cancellation).ConfigureAwait(false) is { } share) return share;
            if (await StreamsDescriptions.AskAsync(core, group, coordinator, cancellation).ConfigureAwait(false) is { } streams) return streams;
            throw;
        }
    }

    /// <summary>Null where it is no share group either, or the broker has none.</summary>
    private static async Task<GroupDescription?> AskShareAsync(ClientCore core, string group, int coordinator, CancellationToken cancellation)
    {
        try
        {
            var response = await core.Router.AskAsync<ShareGroupDescribeResponse>(
                Destination.CoordinatorOfGroup(group), ApiKey.ShareGroupDescribe, new ShareGroupDescribeRequest { GroupIds = [group] },
                static answer => (answer.Groups[0].ErrorCode, answer.Groups[0].ErrorMessage), cancellation).ConfigureAwait(false);
            return Of(response.Groups[0], coordinator);
        }
        catch (KafkaException failure) when (failure.Code is ErrorCode.GroupIdNotFound or ErrorCode.UnsupportedVersion)
        {
            return null;
        }
    }

    private static GroupDescription Of(ConsumerGroupDescribeResponse.Group group, int coordinator)
    {
        var members = new List<GroupMember>();
        foreach (var member in group.Members)
            members.Add(new GroupMember(member.MemberId, member.InstanceId, member.ClientId, member.ClientHost, member.MemberEpoch, Partitions(member.Assignment), Partitions(member.TargetAssignment)));
        return new GroupDescription(group.GroupId, "consumer", group.GroupState, group.AssignorName, group.GroupEpoch, coordinator, members);
    }

    private static GroupDescription Of(ShareGroupDescribeResponse.Group group, int coordinator)
    {
        var members = new List<GroupMember>();
        foreach (var member in group.Members)
        {
            var assigned = new List<TopicPartition>();
            foreach (var topic in member.Assignment.TopicPartitions)
            {
                foreach (var partition in topic.Partitions) assigned.Add(new TopicPartition(topic.TopicName, partition));
            }

            members.Add(new GroupMember(member.MemberId, null, member.ClientId, member.ClientHost, member.MemberEpoch, assigned, null));
        }

        return new GroupDescription(group.GroupId, "share", group.GroupState, group.AssignorName, group.GroupEpoch, coordinator, members);
    }

    private static GroupDescription Of(DescribeGroupsResponse.Group group, int coordinator)
    {
        var members = new List<GroupMember>();
        foreach (var member in group.Members)
            members.Add(new GroupMember(member.MemberId, member.GroupInstanceId, member.ClientId, member.ClientHost, null, group.ProtocolType == ClassicConsumers ? Partitions(member.MemberAssignment) : [], null));
        return new GroupDescription(group.GroupId, "classic", group.GroupState, group.ProtocolData, null, coordinator, members);
    }

    private static List<TopicPartition> Partitions(ConsumerGroupDescribeResponse.MemberAssignment assignment)
    {
        var partitions = new List<TopicPartition>();
        foreach (var topic in assignment.TopicPartitions)
        {
            foreach (var partition in topic.Partitions) partitions.Add(new TopicPartition(topic.TopicName, partition));
        }

        return partitions;
    }

    /// <summary>What the members' leader gave a member; nothing where that cannot be read, for it is the members' own affair.</summary>
    private static List<TopicPartition> Partitions(ReadOnlyMemory<byte> bytes)
    {
        var partitions = new List<TopicPartition>();
        if (bytes.Length < sizeof(short)) return partitions;
        var assignment = new ConsumerProtocolAssignment();
        try
        {
            var reader = new WireReader(bytes);
            var version = reader.ReadInt16("version");
            if (version < ConsumerProtocolAssignment.LowestVersion) return partitions;
            assignment.Read(ref reader, Math.Min(version, ConsumerProtocolAssignment.HighestVersion));
        }
        catch (MalformedMessageException)
        {
            return partitions;
        }

        foreach (var topic in assignment.AssignedPartitions)
        {
            foreach (var partition in topic.Partitions) partitions.Add(new TopicPartition(topic.Topic, partition));
        }

        return partitions;
    }
}
