using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Share;

/// <summary>Refuses heartbeats that are wrong: whatever the group's state is, or by what it knows of who speaks.</summary>
internal static class ShareHeartbeatCheck
{
    public static void Check(ShareGroupHeartbeatRequest request)
    {
        NotEmpty(request.MemberId, "MemberId can't be empty.");
        NotEmpty(request.GroupId, "GroupId can't be empty.");
        NotEmpty(request.RackId, "RackId can't be empty.");
        if (request.MemberEpoch == 0 && request.SubscribedTopicNames is not { Count: > 0 }) throw Invalid("SubscribedTopicNames must be set in first request.");
        if (request.MemberEpoch < ShareMember.LeavingEpoch) throw Invalid("MemberEpoch is invalid.");
    }

    /// <summary>A member whose last answer was lost may be an epoch behind.</summary>
    public static void CheckEpoch(ShareMember member, int epoch)
    {
        if (epoch == 0 || epoch == member.Epoch) return;
        if (epoch > member.Epoch)
        {
            throw new GroupRefusedException(
                ErrorCode.FencedMemberEpoch,
                $"The share group member has a greater member epoch ({epoch}) than the one known by the group coordinator ({member.Epoch}). The member must abandon all its partitions and rejoin.");
        }

        if (epoch != member.PreviousEpoch)
        {
            throw new GroupRefusedException(
                ErrorCode.FencedMemberEpoch,
                $"The share group member has a smaller member epoch ({epoch}) than the one known by the group coordinator ({member.Epoch}), and it does not match the previous member epoch ({member.PreviousEpoch}). The member must abandon all its partitions and rejoin.");
        }
    }

    public static GroupRefusedException Unknown(string id, string group) => new(ErrorCode.UnknownMemberId, $"Member {id} is not a member of group {group}.");

    private static void NotEmpty(string? value, string message)
    {
        if (value is not null && string.IsNullOrWhiteSpace(value)) throw Invalid(message);
    }

    private static GroupRefusedException Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}
