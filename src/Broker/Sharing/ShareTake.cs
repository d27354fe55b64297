using Moldau.Broker.Network;
using Moldau.Coordination.Deliveries;

namespace Moldau.Broker.Sharing;

/// <summary>What one fetch asks of one share-partition, and what it has got.</summary>
internal sealed class ShareTake
{
    public required string Member { get; init; }

    public AcquireLimits Limits { get; set; }

    public int MaxBytes { get; set; }

    /// <summary>Nothing else was found yet: a first batch is given whole, however large.</summary>
    public bool IsFirst { get; set; }

    public ShareFault? Fault { get; set; }

    /// <summary>The share-partition was let go of, and another one is in its place.</summary>
    public bool IsOfGone { get; set; }

    public List<AcquiredRange> Ranges { get; } = [];

    /// <summary>The batches these lie in.</summary>
    public SliceHolder? Records { get; set; }

    public long Count { get; set; }

    public void Clear()
    {
        Records?.Dispose();
        Records = null;
        Ranges.Clear();
        Count = 0;
        IsOfGone = false;
        Fault = null;
    }
}
