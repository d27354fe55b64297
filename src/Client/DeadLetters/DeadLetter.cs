using Moldau.Protocol.Records;

namespace Moldau.Client.DeadLetters;

/// <summary>A record that a group gave up, as it lies in the group's dead letter topic.</summary>
/// <param name="Where">The partition of the dead letter topic.</param>
/// <param name="Offset">Its offset there.</param>
/// <param name="Time">When it was given up; null where the record has no time.</param>
/// <param name="Origin">The partition it was read from.</param>
/// <param name="OriginOffset">Its offset there.</param>
/// <param name="Group">The group that gave it up; null where the letter does not say.</param>
/// <param name="Deliveries">How often it had been delivered; null where the letter does not say.</param>
/// <param name="Reason">Why it was given up.</param>
/// <param name="IsReplayed">Whether it was sent back.</param>
public sealed record DeadLetter(
    TopicPartition Where, long Offset, DateTimeOffset? Time, TopicPartition Origin, long OriginOffset, string? Group, int? Deliveries, string Reason, bool IsReplayed)
{
    /// <summary>Whether the letter has the record, rather than only saying where it lies.</summary>
    public bool IsCopy { get; init; }

    /// <summary>Null where it has none, or where the letter is no copy.</summary>
    public RecordBytes Key { get; init; }

    /// <summary>The same.</summary>
    public RecordBytes Value { get; init; }

    /// <summary>The record's own, without those that tell of its end.</summary>
    public IReadOnlyList<RecordHeader> Headers { get; init; } = [];

    /// <summary>The record's own time in milliseconds; null where the letter does not say.</summary>
    internal long? OriginTime { get; init; }
}
