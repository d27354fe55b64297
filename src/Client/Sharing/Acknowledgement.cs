namespace Moldau.Client.Sharing;

/// <summary>What a share consumer says of a record that it was given.</summary>
public enum Acknowledgement
{
    /// <summary>It was handled, and comes to nobody again.</summary>
    Accept = 1,

    /// <summary>It was not; somebody is to have it again, as long as the group's limit of deliveries lasts.</summary>
    Release = 2,

    /// <summary>It cannot be handled, and comes to nobody again.</summary>
    Reject = 3,

    /// <summary>It is still being handled: its lock begins anew. It is acknowledged once more when that is over (KIP-1222).</summary>
    Renew = 4,
}
