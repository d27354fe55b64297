using Moldau.Unit.Storage.Simulation;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>Messages that are lost, late, doubled, and overtake each other.</summary>
internal sealed class SimulatedNetwork(Random chance, Happenings seen)
{
    private const int Latest = 300;

    private readonly List<(long Due, Action Arrives)> _underWay = [];

    public bool IsCalm { get; set; }

    public void Send(long now, Action arrives)
    {
        if (IsCalm)
        {
            _underWay.Add((now, arrives));
            return;
        }

        var fate = chance.Next(12);
        if (fate == 0)
        {
            seen.Note("a message was lost");
            return;
        }

        _underWay.Add((now + chance.Next(10), arrives));
        if (fate != 1) return;
        seen.Note("a message came twice");
        _underWay.Add((now + chance.Next(Latest), arrives));
    }

    /// <summary>Whatever is due arrives, in any order.</summary>
    public void Step(long now)
    {
        for (var due = _underWay.FindAll(one => one.Due <= now); due.Count > 0; due = _underWay.FindAll(one => one.Due <= now))
        {
            var one = due[chance.Next(due.Count)];
            _underWay.Remove(one);
            one.Arrives();
        }
    }
}
