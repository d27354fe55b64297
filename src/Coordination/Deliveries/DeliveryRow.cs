namespace Moldau.Coordination.Deliveries;

/// <summary>Records that stand alike.</summary>
internal struct DeliveryRow
{
    public long First { get; set; }

    /// <summary>Is one of them.</summary>
    public long Last { get; set; }

    /// <summary>When whoever has them loses them; where nobody has them, from when on something may be done with them, and 0 for at once.</summary>
    public long Deadline { get; set; }

    /// <summary>Null where nobody has them.</summary>
    public string? Holder { get; set; }

    /// <summary>Of deliveries, with the one that is under way.</summary>
    public short Count { get; set; }

    public DeliveryState State { get; set; }

    /// <summary>What they become once it is stored; means nothing without <see cref="Change"/>.</summary>
    public DeliveryState Target { get; set; }

    /// <summary>Of what must be stored before it counts.</summary>
    public StoringStep Change { get; set; }

    /// <summary>Of what counts already, and is stored behind it.</summary>
    public StoringStep Behind { get; set; }

    /// <summary>An earlier record of the same key is not done with.</summary>
    public bool Waits { get; set; }

    /// <summary>Why they are given up, or are to be once that is stored.</summary>
    public DeadReason Reason { get; set; }

    public readonly long Size => Last - First + 1;

    public readonly bool IsDone => IsEnd(State);

    public readonly bool IsFree => State == DeliveryState.Available && Change == StoringStep.None && Deadline == 0 && !Waits;

    /// <summary>Held, and nothing said of it yet.</summary>
    public readonly bool IsHeld => State == DeliveryState.Acquired && Change == StoringStep.None;

    /// <summary>To be copied, and nothing keeps whoever does it waiting.</summary>
    public readonly bool IsDead => State == DeliveryState.Archiving && Behind == StoringStep.None && Deadline == 0;

    public static bool IsEnd(DeliveryState state) => state is DeliveryState.Acknowledged or DeliveryState.Archived;

    /// <summary>Whether it goes on where the other ends, and nothing tells them apart.</summary>
    public readonly bool Continues(in DeliveryRow other)
    {
        if (First != other.Last + 1 || Change != other.Change || Behind != other.Behind) return false;
        // What has become of each is stored: nobody asks again.
        if (IsDone && other.IsDone && Behind == StoringStep.None) return true;
        if (State != other.State || Count != other.Count || Deadline != other.Deadline || Holder != other.Holder || Waits != other.Waits || Reason != other.Reason) return false;
        return Change == StoringStep.None || Target == other.Target;
    }
}
