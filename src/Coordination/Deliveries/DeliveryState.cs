namespace Moldau.Coordination.Deliveries;

/// <summary>How a record stands, in Kafka's numbers.</summary>
public enum DeliveryState : sbyte
{
    /// <summary>Whoever fetches next may have it.</summary>
    Available = 0,

    /// <summary>Somebody has it.</summary>
    Acquired = 1,

    /// <summary>Done with: somebody has said that it went well.</summary>
    Acknowledged = 2,

    /// <summary>Given to nobody any more, and done with when it is copied as a dead letter.</summary>
    Archiving = 3,

    /// <summary>Done with: rejected, delivered as often as is allowed, or nothing that is given to anybody.</summary>
    Archived = 4,
}
