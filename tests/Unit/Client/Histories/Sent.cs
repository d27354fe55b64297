using Moldau.Client.Producing;

namespace Moldau.Unit.Client.Histories;

/// <summary>A record that a producer was given.</summary>
/// <param name="Value">Told by nobody else.</param>
/// <param name="Producer">Which.</param>
/// <param name="Number">The producer's records to a partition have rising ones.</param>
/// <param name="Partition">Where it was to go.</param>
internal sealed record Sent(string Value, int Producer, int Number, int Partition)
{
    /// <summary>Where it is, as the producer was told; null where it failed or was never told.</summary>
    public RecordAck? Ack { get; set; }
}
