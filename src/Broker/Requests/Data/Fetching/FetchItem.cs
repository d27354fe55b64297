using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Indexes;

namespace Moldau.Broker.Requests.Data.Fetching;

/// <summary>One partition of a fetch: what is asked, and what was found. Reused.</summary>
internal sealed class FetchItem
{
    public string Topic { get; set; } = "";

    public Uuid TopicId { get; set; }

    public int Number { get; set; }

    /// <summary>Null where there is none.</summary>
    public Partition? Partition { get; set; }

    /// <summary>Why there is none.</summary>
    public ErrorCode Missing { get; set; }

    /// <summary>Its place in a session; null without one.</summary>
    public SessionPartition? Session { get; set; }

    /// <summary>Whether who asks is at a node that does not lead the partition.</summary>
    public bool IsElsewhere { get; set; }

    public int CurrentLeaderEpoch { get; set; }

    public long Offset { get; set; }

    public int LastFetchedEpoch { get; set; }

    public int MaxBytes { get; set; }

    public ErrorCode Error { get; set; }

    public long HighWatermark { get; set; }

    public long LastStableOffset { get; set; }

    public long LogStartOffset { get; set; }

    public int DivergingEpoch { get; set; }

    public long DivergingEnd { get; set; }

    public int LeaderEpoch { get; set; }

    public SliceHolder? Records { get; set; }

    public List<AbortedTransaction> Aborted { get; } = [];

    public bool HasAborted { get; set; }

    public int Bytes => Records?.Slice.Length ?? 0;

    public bool IsDiverging => DivergingEnd >= 0;

    /// <summary>Nothing can be read: what was found out until now is not told.</summary>
    public void Fail(ErrorCode error)
    {
        Clear();
        Error = error;
    }

    /// <summary>Back to where nothing was read yet; what is asked stays.</summary>
    public void Clear()
    {
        Records?.Dispose();
        Records = null;
        Error = ErrorCode.None;
        HighWatermark = -1;
        LastStableOffset = -1;
        LogStartOffset = -1;
        DivergingEpoch = -1;
        DivergingEnd = -1;
        LeaderEpoch = -1;
        HasAborted = false;
        Aborted.Clear();
    }
}
