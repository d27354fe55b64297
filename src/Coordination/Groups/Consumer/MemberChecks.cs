using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>Who speaks must be who the group takes it for, and in the epoch it was told last.</summary>
internal static class MemberChecks
{
    public static GroupRefusedException Unknown(ConsumerGroup group, string id) =>
        new(ErrorCode.UnknownMemberId, $"Member {id} is not a member of group {group.Name}.");

    /// <param name="owned">What the member says it has: one whose last answer was lost may be an epoch behind, if it has nothing it was not given.</param>
    public static void CheckEpoch(ConsumerMember member, int epoch, WireList<ConsumerGroupHeartbeatRequest.Owned>? owned)
    {
        if (epoch == 0 || epoch == member.Epoch) return;
        if (epoch > member.Epoch) throw Fenced("greater", epoch, member);
        if (epoch != member.PreviousEpoch || !HasOnlyAssigned(member, owned)) throw Fenced("smaller", epoch, member);
    }

    public static void CheckInstance(ConsumerMember? known, string id, string instance)
    {
        if (known is null) throw new GroupRefusedException(ErrorCode.UnknownMemberId, $"Instance id {instance} is unknown.");
        if (known.Id != id) throw new GroupRefusedException(ErrorCode.FencedInstanceId, $"Static member {id} with instance id {instance} was fenced by member {known.Id}.");
    }

    private static bool HasOnlyAssigned(ConsumerMember member, WireList<ConsumerGroupHeartbeatRequest.Owned>? owned)
    {
        if (owned is null) return false;
        foreach (var topic in owned)
        {
            if (member.Assigned.Of(topic.TopicId).IsEmpty) return false;
            foreach (var partition in topic.Partitions)
            {
                if (member.Assigned.EpochOf(topic.TopicId, partition) is null) return false;
            }
        }

        return true;
    }

    private static GroupRefusedException Fenced(string how, int epoch, ConsumerMember member) => new(
        ErrorCode.FencedMemberEpoch,
        $"The consumer group member has a {how} member epoch ({epoch}) than the one known by the group coordinator ({member.Epoch}). The member must abandon all its partitions and rejoin.");
}
