using Moldau.Coordination.Deliveries;

namespace Moldau.Unit.Coordination.Deliveries;

/// <summary>What a share coordinator keeps of a partition, offset by offset.</summary>
internal sealed class StoredState
{
    private readonly SortedDictionary<long, StateChange> _offsets = [];

    public long Start { get; private set; }

    public IReadOnlyCollection<StateChange> Offsets => _offsets.Values;

    public void Merge(StateWrite write)
    {
        Start = Math.Max(Start, write.StartOffset);
        var last = write.StartOffset - 1;
        foreach (var change in write.Changes)
        {
            if (change.First <= last) throw new InvalidOperationException($"{change} overlaps what is told before, or lies below the start {write.StartOffset}");
            last = change.Last;
            for (var offset = change.First; offset <= change.Last; offset++)
            {
                var isOlder = _offsets.TryGetValue(offset, out var known) && (known.Count > change.Count || (known.Count == change.Count && known.State > change.State));
                if (!isOlder) _offsets[offset] = new StateChange(offset, offset, change.State, change.Count);
            }
        }

        foreach (var gone in _offsets.Keys.Where(offset => offset < Start).ToList()) _offsets.Remove(gone);
    }
}
