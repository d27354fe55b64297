using Moldau.Fuzz.Engine;
using Moldau.Protocol.Messages;

namespace Moldau.Fuzz.Targets;

/// <summary>Every message the protocol has, in every version.</summary>
internal static class MessageTargets
{
    public static IEnumerable<FuzzTarget> Requests() => ApiTable.All.SelectMany(static api => Versions(api.NewRequest));

    public static IEnumerable<FuzzTarget> Responses() => ApiTable.All.SelectMany(static api => Versions(api.NewResponse));

    public static IEnumerable<FuzzTarget> StoredRecords() =>
        StoredRecordTable.All.SelectMany(static record => Versions(record.NewKey).Concat(Versions(record.NewValue)));

    /// <summary>Headers, and what clients embed in other messages.</summary>
    public static IEnumerable<FuzzTarget> StandingAlone() =>
    [
        .. Versions(static () => new RequestHeader()),
        .. Versions(static () => new ResponseHeader()),
        .. Versions(static () => new ConsumerProtocolSubscription()),
        .. Versions(static () => new ConsumerProtocolAssignment()),
        .. Versions(static () => new EndTxnMarker()),
    ];

    private static IEnumerable<FuzzTarget> Versions(Func<IMessage> create)
    {
        var message = create();
        for (var version = message.LowestSupportedVersion; version <= message.HighestSupportedVersion; version++)
            yield return new MessageTarget(create, version);
    }
}
