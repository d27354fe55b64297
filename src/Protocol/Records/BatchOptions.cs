namespace Moldau.Protocol.Records;

/// <summary>What a batch's header says beyond its records.</summary>
public readonly record struct BatchOptions()
{
    public long BaseOffset { get; init; }

    /// <summary>-1 until a leader sets it.</summary>
    public int LeaderEpoch { get; init; } = -1;

    public ProducerIdentity Producer { get; init; } = ProducerIdentity.None;

    public bool IsTransactional { get; init; }

    public bool IsControl { get; init; }

    /// <summary>The time of the append, where the topic is stamped by the broker; null keeps the records' own.</summary>
    public long? LogAppendTime { get; init; }
}
