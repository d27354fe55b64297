using Moldau.Client.Consuming;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Fetching;

/// <summary>How far one partition is. Everything in it is guarded by the lock of its <see cref="PartitionTable"/>.</summary>
internal sealed class PartitionState(TopicPartition where)
{
    private Watermark? _given;
    private bool _isHeld;

    public TopicPartition Where { get; } = where;

    public PartitionPhase Phase { get; set; }

    /// <summary>Another one whenever the place to fetch from is not the one behind what was fetched.</summary>
    public long Fence { get; set; }

    /// <summary>Where it is to begin, while it is being placed.</summary>
    public StartPosition Start { get; set; }

    /// <summary>The offset to ask for next, and the epoch of the last record before it.</summary>
    public OffsetPosition Ahead { get; set; }

    /// <summary>The offset to give out next, and the epoch of the last record before it.</summary>
    public OffsetPosition Position { get; set; }

    /// <summary>Where reading ends; -1 where that is still to be found out.</summary>
    public long End { get; set; } = long.MaxValue;

    /// <summary>What was given out since it was placed. Read without the lock by who asks whether that is still so.</summary>
    public Watermark? Given
    {
        get => Volatile.Read(ref _given);
        set => Volatile.Write(ref _given, value);
    }

    /// <summary>The batch that is being read, where one reads in order.</summary>
    public FetchedBatch? Open { get; set; }

    /// <summary>The partition's end for its reader, as the last answer told it; -1 where none has.</summary>
    public long LastEnd { get; set; } = -1;

    public OffsetPosition Committed { get; set; } = new(-1);

    public bool IsPaused { get; set; }

    /// <summary>Given away soon: nothing more of it is given out.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>What was given out is enough for now.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Whether nothing is to be given out now. Read without the lock by who gives out.</summary>
    public bool IsHeld
    {
        get => Volatile.Read(ref _isHeld);
        set => Volatile.Write(ref _isHeld, value);
    }

    /// <summary>Whether somebody is finding out where to begin, or whether the log is still the same.</summary>
    public bool IsAsking { get; set; }

    /// <summary>Whether what was fetched ends in something that cannot be read: what is behind it cannot be asked for.</summary>
    public bool IsBlocked { get; set; }

    public int WaitingBytes { get; set; }

    /// <summary>Zero where the cluster has none.</summary>
    public Uuid TopicId { get; set; }

    public int Leader { get; set; } = -1;

    public int LeaderEpoch { get; set; } = -1;

    /// <summary>The replica it is read from instead of its leader; -1 for none.</summary>
    public int Preferred { get; set; } = -1;

    public long PreferredSince { get; set; }

    public int Failures { get; set; }

    public long FailingSince { get; set; }

    public long RetryAt { get; set; }

    /// <summary>What its reader is to be told; it is let be until then.</summary>
    public KafkaException? Failure { get; set; }
}
