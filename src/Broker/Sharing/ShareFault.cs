using Moldau.Protocol.Errors;

namespace Moldau.Broker.Sharing;

/// <summary>Why a share-partition does not serve, as members are told.</summary>
internal readonly record struct ShareFault(ErrorCode Error, string Message)
{
    /// <summary>What a share coordinator's error means for members, as with Kafka.</summary>
    public static ShareFault Of(ErrorCode error, string? message) => error switch
    {
        ErrorCode.FencedLeaderEpoch or ErrorCode.FencedStateEpoch => new(ErrorCode.NotLeaderOrFollower, message ?? "the group's state in this partition was set anew, or has another leader"),
        ErrorCode.GroupIdNotFound or ErrorCode.UnknownTopicOrPartition => new(error, message ?? "the share coordinator does not know it"),
        _ when IsPassing(error) => new(ErrorCode.CoordinatorNotAvailable, message ?? "the share coordinator could not be reached"),
        _ => new(ErrorCode.UnknownServerError, message ?? $"the share coordinator has answered {error}"),
    };

    /// <summary>Whether it is asked again.</summary>
    public static bool IsPassing(ErrorCode error) => error is ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress or ErrorCode.NotCoordinator;
}
