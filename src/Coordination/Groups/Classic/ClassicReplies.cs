using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Classic;

/// <summary>What members are told.</summary>
internal static class ClassicReplies
{
    private const int NoGeneration = -1;

    public static void Joined(PendingReply<JoinGroupResponse> reply, ClassicGroup group, string member, string leader, bool withMembers, Outcome outcome, bool skipsAssignment = false)
    {
        var response = reply.Response;
        (response.MemberId, response.Leader, response.GenerationId) = (member, leader, group.Generation);
        (response.ProtocolType, response.ProtocolName, response.SkipAssignment) = (group.ProtocolType, group.Protocol, skipsAssignment);
        if (withMembers)
        {
            foreach (var one in group.Members)
                response.Members.Add(new JoinGroupResponse.Member { MemberId = one.Id, GroupInstanceId = one.InstanceId, Metadata = one.Metadata(group.Protocol) });
        }

        outcome.Send(reply);
    }

    /// <summary>All who wait for the group are told that it is another now.</summary>
    public static void RefuseAll(ClassicGroup group, ErrorCode error, Outcome outcome)
    {
        foreach (var member in group.Members)
        {
            if (member.Join is { } join) Fail(join, error, member.Id, outcome);
            if (member.Sync is { } sync) Fail(sync, error, outcome);
            (member.Join, member.Sync) = (null, null);
        }
    }

    public static void Fail(PendingReply<JoinGroupResponse> reply, ErrorCode error, string member, Outcome outcome)
    {
        (reply.Response.ErrorCode, reply.Response.MemberId, reply.Response.GenerationId, reply.Response.ProtocolName) = (error, member, NoGeneration, null);
        outcome.Send(reply);
    }

    public static void Synced(PendingReply<SyncGroupResponse> reply, ClassicGroup group, ClassicMember member, Outcome outcome)
    {
        (reply.Response.Assignment, reply.Response.ProtocolType, reply.Response.ProtocolName) = (member.Assignment, group.ProtocolType, group.Protocol);
        outcome.Send(reply);
    }

    public static void Fail(PendingReply<SyncGroupResponse> reply, ErrorCode error, Outcome outcome)
    {
        reply.Response.ErrorCode = error;
        outcome.Send(reply);
    }
}
