using Moldau.Coordination.ShareStates;
using Moldau.Protocol.Primitives;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>The share-partitions that somebody has come upon.</summary>
internal sealed class SimulatedShares(Func<SharePartitionKey, SimulatedShare> make)
{
    // In an order that is the same for the same seed.
    private readonly List<SimulatedShare> _shares = [];
    private readonly Dictionary<SharePartitionKey, SimulatedShare> _found = [];

    public SimulatedShare Of(SharePartitionKey key)
    {
        if (_found.TryGetValue(key, out var share)) return share;
        _found[key] = share = make(key);
        _shares.Add(share);
        return share;
    }

    public List<SimulatedShare> OfGroup(string group) => _shares.FindAll(share => share.Key.Group == group);

    public SimulatedShare? Any(Random chance) => _shares.Count == 0 ? null : _shares[chance.Next(_shares.Count)];

    public void Step(long now)
    {
        foreach (var share in _shares) share.Step(now);
    }

    public void Forget(Uuid topic)
    {
        foreach (var share in _shares.FindAll(share => share.Key.Topic == topic)) _found.Remove(share.Key);
        _shares.RemoveAll(share => share.Key.Topic == topic);
    }
}
