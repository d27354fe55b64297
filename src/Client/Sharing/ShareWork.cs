namespace Moldau.Client.Sharing;

/// <summary>What a broker is asked next.</summary>
internal enum ShareWork
{
    Nothing,

    /// <summary>For records; what is acknowledged goes with it.</summary>
    Fetch,

    /// <summary>Nothing, it is only told.</summary>
    Acknowledge,
}
