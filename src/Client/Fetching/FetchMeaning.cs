namespace Moldau.Client.Fetching;

/// <summary>What a partition's error in an answer means.</summary>
internal enum FetchMeaning
{
    /// <summary>There is none.</summary>
    Records,

    /// <summary>The same may do later.</summary>
    Again,

    /// <summary>Another broker may have it: what is known of the cluster is looked up anew.</summary>
    Elsewhere,

    /// <summary>The leader is asked what this replica does not have.</summary>
    AtLeader,

    /// <summary>What is to be read next is not there.</summary>
    OutOfRange,

    /// <summary>Its reader is told.</summary>
    Refused,
}
