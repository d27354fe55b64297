namespace Moldau.Coordination.Deliveries;

/// <summary>A group's settings, as they count now.</summary>
public sealed record DeliveryRules
{
    /// <summary>How long a record belongs to whoever has it, in milliseconds.</summary>
    public required int LockDuration { get; init; }

    /// <summary>How often a record is delivered, and no more.</summary>
    public required int DeliveryLimit { get; init; }

    /// <summary>How many records may be out, or wait to be delivered again.</summary>
    public required int MostOut { get; init; }

    public required bool AllowsRenewal { get; init; }

    /// <summary>How long a record waits after its first delivery that failed, in milliseconds; twice as long after each further one.</summary>
    public int RetryDelay { get; init; }

    /// <summary>The longest it waits, in milliseconds.</summary>
    public int LongestRetryDelay { get; init; } = int.MaxValue;

    /// <summary>Whether of the records of one key only the first that is not done with is given to anybody.</summary>
    public bool KeepsKeyOrder { get; init; }

    /// <summary>Whether records that are given up are copied before they are done with.</summary>
    public bool HasDeadLetters { get; init; }

    /// <summary>From so many deliveries on a record is suspected of what its neighbours must not suffer for.</summary>
    internal int SuspectCount => Math.Max(2, (DeliveryLimit + 1) / 2);

    /// <summary>How long a record waits that was delivered so often.</summary>
    internal long DelayOf(int count) => Math.Min(LongestRetryDelay, (long)RetryDelay << Math.Clamp(count - 1, 0, 31));
}
