using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Testing.Faults;

namespace Moldau.Unit.Client.Faults;

/// <summary>What happens to the n-th request of an API: somewhere on its way, or an error in place of its answer.</summary>
internal sealed record Trouble(ApiKey Api, TroubleKind Kind, int Nth, ErrorCode Error = ErrorCode.None)
{
    /// <summary>Above what clients of these tests wait for an answer.</summary>
    private static readonly TimeSpan Late = 1.7 * FaultScenario.RequestTimeout;

    /// <summary>Every phase of a request, and errors where there are some of its kind.</summary>
    public static IEnumerable<Trouble> All(ApiKey api, int nth, params ErrorCode[] errors)
    {
        foreach (var kind in Enum.GetValues<TroubleKind>())
        {
            if (kind != TroubleKind.Refused) yield return new Trouble(api, kind, nth);
        }

        foreach (var error in errors) yield return new Trouble(api, TroubleKind.Refused, nth, error);
    }

    /// <param name="isStanding">Whether it happens to all requests from then on.</param>
    public Fault Begin(BrokerFaults faults, bool isStanding = false)
    {
        var times = isStanding ? int.MaxValue : 1;
        return Kind switch
        {
            TroubleKind.CutBefore => faults.Cut(Api, FaultMoment.BeforeRequest, Nth, times),
            TroubleKind.CutBehind => faults.Cut(Api, FaultMoment.BeforeReply, Nth, times),
            TroubleKind.CutWithin => faults.Cut(Api, FaultMoment.WithinReply, Nth, times),
            TroubleKind.Unheard => faults.FallSilent(Api, FaultMoment.BeforeRequest, Nth, times),
            TroubleKind.Unanswered => faults.FallSilent(Api, FaultMoment.BeforeReply, Nth, times),
            TroubleKind.HalfAnswered => faults.FallSilent(Api, FaultMoment.WithinReply, Nth, times),
            TroubleKind.Lost => faults.LoseReply(Api, Nth, times),
            TroubleKind.Slow => faults.Delay(Api, Late / 10, FaultMoment.WithinReply, Nth, times),
            TroubleKind.LateBefore => faults.Delay(Api, Late, FaultMoment.BeforeRequest, Nth, times),
            TroubleKind.LateBehind => faults.Delay(Api, Late, FaultMoment.BeforeReply, Nth, times),
            _ => faults.Fail(Api, Error, Nth, times),
        };
    }

    public override string ToString() => $"{Api} {Nth} {(Kind == TroubleKind.Refused ? Error : Kind)}";
}
