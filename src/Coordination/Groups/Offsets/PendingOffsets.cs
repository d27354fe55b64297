using Moldau.Coordination.Shards;

namespace Moldau.Coordination.Groups.Offsets;

/// <summary>Offsets in transactions that have not ended, by group and by producer.</summary>
internal sealed class PendingOffsets(UndoLog undo)
{
    private readonly DurableMap<string, DurableMap<PendingPart, CommittedOffset>> _groups = new(undo);
    private readonly DurableMap<long, DurableMap<string, bool>> _producers = new(undo);

    public bool Has(string group) => _groups.Contains(group);

    public bool Has(string group, TopicPart part)
    {
        if (!_groups.TryGet(group, out var pending)) return false;
        foreach (var key in pending.Keys)
        {
            if (key.Part == part) return true;
        }

        return false;
    }

    public List<TopicPart> Of(string group) => _groups.TryGet(group, out var pending) ? [.. pending.Keys.Select(static key => key.Part).Distinct()] : [];

    public void Set(string group, long producer, TopicPart part, CommittedOffset offset)
    {
        Inner(_groups, group).Set(new PendingPart(producer, part), offset);
        Inner(_producers, producer).Set(group, true);
    }

    /// <summary>The partition is forgotten, whoever is about to commit it.</summary>
    public void Remove(string group, TopicPart part)
    {
        if (!_groups.TryGet(group, out var pending)) return;
        foreach (var key in pending.Keys.Where(key => key.Part == part).ToList()) pending.Remove(key);
        if (pending.Count == 0) _groups.Remove(group);
    }

    /// <summary>The producer's transaction has ended: what it was about to commit.</summary>
    public List<(string Group, TopicPart Part, CommittedOffset Offset)> Take(long producer)
    {
        var taken = new List<(string, TopicPart, CommittedOffset)>();
        if (!_producers.TryGet(producer, out var groups)) return taken;
        foreach (var group in groups.Keys)
        {
            if (!_groups.TryGet(group, out var pending)) continue;
            foreach (var (key, offset) in pending.Where(entry => entry.Key.ProducerId == producer).ToList())
            {
                taken.Add((group, key.Part, offset));
                pending.Remove(key);
            }

            if (pending.Count == 0) _groups.Remove(group);
        }

        _producers.Remove(producer);
        return taken;
    }

    private DurableMap<TInner, TValue> Inner<TOuter, TInner, TValue>(DurableMap<TOuter, DurableMap<TInner, TValue>> map, TOuter key)
        where TOuter : notnull
        where TInner : notnull
    {
        if (map.TryGet(key, out var inner)) return inner;
        inner = new DurableMap<TInner, TValue>(undo);
        map.Set(key, inner);
        return inner;
    }
}
