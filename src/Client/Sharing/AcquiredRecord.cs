namespace Moldau.Client.Sharing;

/// <summary>A record of a batch that this consumer has acquired.</summary>
internal struct AcquiredRecord
{
    /// <summary>Its place in the batch.</summary>
    public int Index;

    /// <summary>Its bytes may be gone when it is acknowledged.</summary>
    public long Offset;

    public short DeliveryCount;

    public RecordStage Stage;

    /// <summary>A renewal waits to be sent, or for its answer.</summary>
    public bool IsRenewing;

    /// <summary>When its lock began, at the latest.</summary>
    public long LockedAt;
}
