using Moldau.Client.Connections;
using Moldau.Client.Consuming;
using Moldau.Protocol.Errors;

namespace Moldau.Client.Fetching;

/// <summary>Where reading goes on after something went wrong: an error and a position go in, a decision comes out.</summary>
internal static class PositionRules
{
    public static FetchMeaning Of(ErrorCode code, bool isFollower) => code switch
    {
        ErrorCode.None => FetchMeaning.Records,
        ErrorCode.OffsetOutOfRange => isFollower ? FetchMeaning.AtLeader : FetchMeaning.OutOfRange,
        ErrorCode.OffsetNotAvailable or ErrorCode.UnknownLeaderEpoch or ErrorCode.OffsetMovedToTieredStorage => isFollower ? FetchMeaning.AtLeader : FetchMeaning.Again,
        _ when Retries.IsStaleness(code) => FetchMeaning.Elsewhere,
        _ when code.IsRetriable() && code != ErrorCode.CorruptMessage => FetchMeaning.Again,
        _ => FetchMeaning.Refused,
    };

    /// <summary>Where a partition is begun that nothing else places; null where that is an error.</summary>
    public static StartPosition? From(OffsetReset reset, DateTimeOffset now) => reset.What switch
    {
        OffsetReset.Kind.Earliest => StartPosition.Beginning,
        OffsetReset.Kind.Latest => StartPosition.End,
        OffsetReset.Kind.ByDuration => StartPosition.Time(now - reset.Age),
        _ => null,
    };

    /// <summary>Where to begin, once the partition's ends are known.</summary>
    /// <param name="start">How it is to begin; neither committed nor by the reset.</param>
    /// <param name="first">The first offset that is kept.</param>
    /// <param name="end">Behind the last.</param>
    /// <param name="atTime">The first of the time looked for; -1 for none.</param>
    public static long Place(StartPosition start, long first, long end, long atTime) => start.What switch
    {
        StartPosition.Kind.Beginning => first,
        StartPosition.Kind.End => end,
        StartPosition.Kind.Tail => Math.Max(first, end - start.Number),
        StartPosition.Kind.Time => atTime >= 0 ? atTime : end,
        _ => start.Number,
    };

    /// <summary>What a new leader's answer says of the log that was read (KIP-320).</summary>
    /// <param name="position">Where reading is, and the epoch of the last record before it.</param>
    /// <param name="end">The largest epoch up to that one which the leader has, and where it ends; -1 where it has none.</param>
    public static TruncationVerdict Check(OffsetPosition position, OffsetPosition end)
    {
        if (end.Offset < 0 || end.LeaderEpoch < 0) return new TruncationVerdict(true, null);
        return end.Offset < position.Offset ? new TruncationVerdict(true, end) : default;
    }
}
