using Moldau.Protocol.Errors;

namespace Moldau.Broker.Partitions.Validation;

/// <summary>What became of looking at a produced batch.</summary>
internal readonly record struct BatchVerdict(ErrorCode Error, string? Message = null, IReadOnlyList<RecordFault>? Records = null)
{
    public static BatchVerdict Sound => default;

    public bool IsSound => Error == ErrorCode.None;

    /// <summary>Whether the batch was one, and its content was at fault: then Kafka's answer has the log's start in it.</summary>
    public bool TellsStart { get; init; }
}
