using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>Refuses heartbeats that are wrong whatever the group's state is.</summary>
internal static class HeartbeatCheck
{
    public static void Check(ConsumerGroupHeartbeatRequest request, short version, IReadOnlyList<string> assignors)
    {
        // Since version 1 the client makes the id up.
        if (version >= 1 || request.MemberEpoch is > 0 or ConsumerMember.LeavingEpoch) NotEmpty(request.MemberId, "MemberId can't be empty.");
        NotEmpty(request.GroupId, "GroupId can't be empty.");
        NotEmpty(request.InstanceId, "InstanceId can't be empty.");
        NotEmpty(request.RackId, "RackId can't be empty.");
        if (request.MemberEpoch == 0) CheckJoin(request);
        else if (request.MemberEpoch == ConsumerMember.LeavingForNowEpoch && request.InstanceId is null) throw Invalid("InstanceId can't be null.");
        else if (request.MemberEpoch < ConsumerMember.LeavingForNowEpoch) throw Invalid("MemberEpoch is invalid.");
        if (request.ServerAssignor is { } assignor && !assignors.Contains(assignor))
            throw new GroupRefusedException(ErrorCode.UnsupportedAssignor, $"ServerAssignor {assignor} is not supported. Supported assignors: {string.Join(", ", assignors)}.");
    }

    private static void CheckJoin(ConsumerGroupHeartbeatRequest request)
    {
        if (request.RebalanceTimeoutMs == -1) throw Invalid("RebalanceTimeoutMs must be provided in first request.");
        if (request.TopicPartitions is not { Count: 0 }) throw Invalid("TopicPartitions must be empty when (re-)joining.");
        if (request.SubscribedTopicNames is null && request.SubscribedTopicRegex is null)
            throw Invalid("Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.");
    }

    private static void NotEmpty(string? value, string message)
    {
        if (value is not null && string.IsNullOrWhiteSpace(value)) throw Invalid(message);
    }

    private static GroupRefusedException Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}
