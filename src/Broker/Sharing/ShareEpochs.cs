namespace Moldau.Broker.Sharing;

/// <summary>What the epoch of a session's request says, where it is not just the count of requests.</summary>
internal static class ShareEpochs
{
    /// <summary>It opens the session.</summary>
    public const int First = 0;

    /// <summary>It closes the session.</summary>
    public const int Last = -1;
}
