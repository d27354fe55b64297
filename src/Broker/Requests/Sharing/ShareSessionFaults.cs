using Moldau.Protocol.Errors;

namespace Moldau.Broker.Requests.Sharing;

/// <summary>What is said of sessions that are not as a request takes them to be.</summary>
internal static class ShareSessionFaults
{
    public static string Of(ErrorCode error, string group, string member, int epoch) => error switch
    {
        ErrorCode.ShareSessionNotFound => $"member {member} of group {group} has no share session; one begins with a fetch of epoch 0",
        ErrorCode.ShareSessionLimitReached => "there are as many share sessions as group.share.max.share.sessions allows",
        _ => $"{epoch} is not the next epoch of the share session of member {member} of group {group}",
    };
}
