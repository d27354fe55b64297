namespace Moldau.Client.Sharing;

/// <summary>How exactly a broker keeps to the number of records that is asked for (KIP-1206).</summary>
public enum ShareAcquireMode
{
    /// <summary>Up to the end of the batch with the last of them: the broker has least to remember.</summary>
    WholeBatches = 0,

    /// <summary>Never more.</summary>
    RecordLimit = 1,
}
