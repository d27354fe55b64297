using Moldau.Broker.Diagnostics;
using Moldau.Broker.Diagnostics.Counting;
using Moldau.Broker.Requests;

namespace Moldau.Broker.Network;

/// <summary>Where the time of a connection's requests went; a reply's ends when its last byte is the system's.</summary>
internal sealed class ReplyTimes(LaneFigures figures, RequestTraces traces)
{
    private Sending[] _sending = new Sending[4];
    private int _count;

    /// <summary>A reply is written, or there is none.</summary>
    public void Written(Exchange exchange, int bytes, long since, long now)
    {
        var api = exchange.Figures;
        var end = exchange.Completed > exchange.StartEnded ? exchange.Completed : exchange.StartEnded;
        // What works on the thread pool is at work until its end.
        var worked = exchange.Row.RunsOnPool ? end : exchange.StartEnded;
        api.Time(RequestPhase.Queue).Add(exchange.Started - exchange.Arrived);
        api.Time(RequestPhase.Local).Add(worked - exchange.Started);
        api.Time(RequestPhase.Remote).Add(end - worked);
        api.Time(RequestPhase.ReplyQueue).Add(Math.Max(0, since - end));
        api.Time(RequestPhase.Throttle).Add(figures.Of(exchange.MuteMilliseconds));
        if (traces.IsOn) traces.Tell(exchange, end, now);
        if (!exchange.HasReply)
        {
            api.Time(RequestPhase.Total).Add(now - exchange.Arrived);
            api.End();
            return;
        }

        api.Answer(exchange);
        api.ReplySize.Add(bytes);
        if (_count == _sending.Length) Array.Resize(ref _sending, _count * 2);
        _sending[_count++] = new Sending(api, exchange.Arrived, since);
    }

    /// <summary>Everything written has left.</summary>
    public void Sent(long now)
    {
        for (var i = 0; i < _count; i++)
        {
            ref var sending = ref _sending[i];
            sending.Api.Time(RequestPhase.Send).Add(now - sending.Since);
            sending.Api.Time(RequestPhase.Total).Add(now - sending.Arrived);
            sending.Api.End();
        }

        _count = 0;
    }

    /// <summary>The connection has closed, and nobody knows what of them arrived.</summary>
    public void Abandon(Exchange? first)
    {
        for (var exchange = first; exchange is not null; exchange = exchange.Next) exchange.Figures.End();
        for (var i = 0; i < _count; i++) _sending[i].Api.End();
        _count = 0;
    }

    private readonly record struct Sending(ApiFigures Api, long Arrived, long Since);
}
