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

    /// <summary>From so many deliveries on a record is suspected of what its neighbours must not suffer for.</summary>
    internal int SuspectCount => Math.Max(2, (DeliveryLimit + 1) / 2);
}
