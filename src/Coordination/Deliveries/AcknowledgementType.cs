namespace Moldau.Coordination.Deliveries;

/// <summary>What somebody says of a record that he has, in the protocol's numbers.</summary>
public enum AcknowledgementType : sbyte
{
    /// <summary>There is no record at the offset.</summary>
    Gap = 0,

    Accept = 1,

    /// <summary>Somebody is to try again.</summary>
    Release = 2,

    /// <summary>Nobody is to.</summary>
    Reject = 3,

    /// <summary>It takes longer.</summary>
    Renew = 4,
}
