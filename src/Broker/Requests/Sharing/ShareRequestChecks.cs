using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Sharing;
using Moldau.Coordination.Deliveries;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Sharing;

/// <summary>What is looked at in both requests before anything is done.</summary>
internal static class ShareRequestChecks
{
    /// <summary>Of a member's id: that of a random uuid as text.</summary>
    private const int LongestMember = 36;

    private const short FirstWithRenewal = 2;

    /// <exception cref="RequestRefusedException">The request is refused as a whole.</exception>
    public static void Admit(Access access, string? group, string? member)
    {
        if (group is null) throw new RequestRefusedException(ErrorCode.InvalidRequest, "the request names no group");
        access.Require(AclOperation.Read, AclResource.Group, group);
        if (member is not { Length: > 0 and <= LongestMember })
            throw new RequestRefusedException(ErrorCode.InvalidRequest, $"'{member}' is no member id: it has 1 to {LongestMember} characters");
    }

    /// <summary>Renewals come alone, and fetch nothing.</summary>
    /// <exception cref="RequestRefusedException">The request wants records besides.</exception>
    public static void RequireNothingBesides(ShareFetchRequest request)
    {
        if (request is { MaxBytes: 0, MinBytes: 0, MaxRecords: 0, MaxWaitMs: 0 }) return;
        throw new RequestRefusedException(
            ErrorCode.InvalidRequest,
            $"a request with renewals fetches nothing, so its limits must be 0; MaxBytes is {request.MaxBytes}, MinBytes {request.MinBytes}, MaxRecords {request.MaxRecords}, MaxWaitMs {request.MaxWaitMs}");
    }

    /// <summary>What is wrong with the acknowledgements of one partition before anybody looks who has what; null where nothing is.</summary>
    public static ShareFault? Fault(IReadOnlyList<AcknowledgedRange> ranges, short version, bool mayRenew)
    {
        var last = -1L;
        var highest = version >= FirstWithRenewal ? AcknowledgementType.Renew : AcknowledgementType.Reject;
        foreach (var range in ranges)
        {
            if (range.First > range.Last) return Invalid($"offset {range.First} is above {range.Last}");
            if (range.First < last) return Invalid($"offset {range.First} comes behind {last}");
            if (range.Types.Count != 1 && range.Types.Count != range.Last - range.First + 1)
                return Invalid($"offsets {range.First} to {range.Last} have {range.Types.Count} types of acknowledgements, where one for all or one each must be");
            foreach (var type in range.Types)
            {
                if (type < 0 || type > (sbyte)highest) return Invalid($"{type} is no type of an acknowledgement in version {version}");
                if (type == (sbyte)AcknowledgementType.Renew && !mayRenew) return Invalid("the request has renewals, and does not say so by IsRenewAck");
            }

            last = range.Last;
        }

        return null;
    }

    private static ShareFault Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}
