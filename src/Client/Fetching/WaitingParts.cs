namespace Moldau.Client.Fetching;

/// <summary>What was fetched and nobody has read yet, in the order in which it came. Guarded by the lock of its <see cref="PartitionTable"/>.</summary>
internal sealed class WaitingParts
{
    private readonly LinkedList<FetchedPart> _parts = [];

    public void Add(FetchedPart part)
    {
        _parts.AddLast(part);
        Count(part, part.Records.Length);
    }

    /// <summary>In front of all others: it was being read.</summary>
    public void PutBack(FetchedPart part)
    {
        _parts.AddFirst(part);
        Count(part, part.Records.Length);
    }

    /// <summary>The first that may be read; those whose position is another by now are given back on the way.</summary>
    public FetchedPart? Take()
    {
        for (var place = _parts.First; place is not null;)
        {
            var next = place.Next;
            var part = place.Value;
            var isStale = part.State.Fence != part.Fence;
            if (isStale || IsReadable(part.State))
            {
                Remove(place);
                if (!isStale) return part;
                part.Frame.Release();
            }

            place = next;
        }

        return null;
    }

    /// <summary>Gives back what waits of a partition.</summary>
    public void Drop(PartitionState state)
    {
        for (var place = _parts.First; place is not null;)
        {
            var next = place.Next;
            if (place.Value.State == state)
            {
                place.Value.Frame.Release();
                Remove(place);
            }

            place = next;
        }
    }

    /// <summary>A partition that has something waiting from a broker and may not be read; null where one may, or nothing waits.</summary>
    public PartitionState? HeldAlone(BrokerLane lane)
    {
        PartitionState? held = null;
        foreach (var part in _parts)
        {
            if (part.Lane != lane) continue;
            if (!part.State.IsHeld) return null;
            held = part.State;
        }

        return held;
    }

    private static bool IsReadable(PartitionState state) =>
        !state.IsHeld && state.Failure is null && state.Phase is (PartitionPhase.Reading or PartitionPhase.AtEnd);

    private static void Count(FetchedPart part, int bytes)
    {
        part.State.WaitingBytes += bytes;
        part.Lane.WaitingBytes += bytes;
    }

    private void Remove(LinkedListNode<FetchedPart> place)
    {
        Count(place.Value, -place.Value.Records.Length);
        _parts.Remove(place);
    }
}
