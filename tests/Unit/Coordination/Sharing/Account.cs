using Moldau.Coordination.Deliveries;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>What one leader's members have, and have said of it.</summary>
internal sealed class Account(SimulatedLeader leader)
{
    private readonly Dictionary<long, (string Member, long Deadline)> _held = [];
    private readonly Dictionary<long, AcknowledgementType> _said = [];
    private readonly Dictionary<long, AcknowledgementType> _sent = [];

    public SimulatedLeader Leader { get; } = leader;

    /// <returns>False where somebody has it.</returns>
    public bool Give(string member, long offset, long deadline) => _held.TryAdd(offset, (member, deadline));

    /// <summary>What somebody has and has said nothing of.</summary>
    public List<(long Offset, string Member)> Free() => [.. _held.Where(held => !_said.ContainsKey(held.Key) && !_sent.ContainsKey(held.Key)).Select(static held => (held.Key, held.Value.Member)).Order()];

    public void Say(long offset, AcknowledgementType type) => _said[offset] = type;

    public void Sent()
    {
        foreach (var (offset, type) in _said) _sent[offset] = type;
        _said.Clear();
    }

    /// <returns>What members are told to be done with.</returns>
    public List<long> Ended(bool isStored)
    {
        var over = new List<long>();
        if (isStored)
        {
            foreach (var (offset, type) in _sent)
            {
                _held.Remove(offset);
                if (type != AcknowledgementType.Release) over.Add(offset);
            }
        }

        _sent.Clear();
        return over;
    }

    public void Expire(long now) => Drop(held => held.Deadline <= now);

    public void Leave(string member) => Drop(held => held.Member == member);

    private void Drop(Func<(string Member, long Deadline), bool> isGone)
    {
        foreach (var (offset, _) in Free())
        {
            if (isGone(_held[offset])) _held.Remove(offset);
        }
    }
}
