namespace Moldau.Client.Producing;

/// <summary>What an answer means for the batch it is about.</summary>
internal enum Verdict
{
    Delivered,

    /// <summary>It is sent again, after a pause.</summary>
    Again,

    Lost,

    /// <summary>It is too large, and its halves may not be.</summary>
    Split,

    /// <summary>It was given up before the answer came.</summary>
    Forgotten,
}
