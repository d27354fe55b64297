using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Testing.Faults;

/// <summary>
/// What goes wrong at a broker, by API and turn: the n-th request from now on, and as many behind it as are said. Cuts, delays and
/// losses happen to connections without TLS only; errors to all. Where several would happen to one request, the first that was
/// asked for does.
/// </summary>
public sealed class BrokerFaults
{
    private readonly Lock _gate = new();
    private readonly List<Fault> _faults = [];

    internal BrokerFaults()
    {
    }

    /// <summary>Answers with an error and does nothing.</summary>
    public Fault Fail(ApiKey api, ErrorCode error, int nth = 1, int times = 1) => Add(new Fault(this, api, FaultKind.Fail, nth, times) { Error = error });

    /// <summary>Closes the connection.</summary>
    public Fault Cut(ApiKey api, FaultMoment when, int nth = 1, int times = 1) => Add(new Fault(this, api, FaultKind.Cut, nth, times) { Moment = when });

    /// <summary>Holds the request back, or its answer, or the second half of that, and whatever is behind it on its connection; by the broker's clock.</summary>
    public Fault Delay(ApiKey api, TimeSpan time, FaultMoment when = FaultMoment.BeforeReply, int nth = 1, int times = 1) =>
        Add(new Fault(this, api, FaultKind.Delay, nth, times) { Time = time, Moment = when });

    /// <summary>Does what is asked and leaves the answer out; those behind it leave as ever.</summary>
    public Fault LoseReply(ApiKey api, int nth = 1, int times = 1) => Add(new Fault(this, api, FaultKind.Lose, nth, times) { Moment = FaultMoment.BeforeReply });

    /// <summary>
    /// The connection stays open, and nothing leaves on it any more: neither this answer, or the second half of it, nor those behind it. From
    /// <see cref="FaultMoment.BeforeRequest"/> on nothing is heard either.
    /// </summary>
    public Fault FallSilent(ApiKey api, FaultMoment when = FaultMoment.BeforeRequest, int nth = 1, int times = 1) =>
        Add(new Fault(this, api, FaultKind.Silence, nth, times) { Moment = when });

    /// <summary>Nothing goes wrong any more, but what has begun.</summary>
    public void Clear()
    {
        lock (_gate) _faults.Clear();
    }

    internal void Remove(Fault fault)
    {
        lock (_gate) _faults.Remove(fault);
    }

    /// <summary>What happens to a request on its way to the handlers and back.</summary>
    internal Fault? Meet(ApiKey api) => Meet(api, isHandled: false);

    /// <summary>What the handler does to it.</summary>
    internal Fault? MeetHandled(ApiKey api) => Meet(api, isHandled: true);

    private Fault? Meet(ApiKey api, bool isHandled)
    {
        Fault? met = null;
        lock (_gate)
        {
            foreach (var fault in _faults)
            {
                if (fault.Api == api && (fault.Kind == FaultKind.Fail) == isHandled && fault.Count()) met ??= fault;
            }
        }

        return met;
    }

    private Fault Add(Fault fault)
    {
        lock (_gate) _faults.Add(fault);
        return fault;
    }
}
