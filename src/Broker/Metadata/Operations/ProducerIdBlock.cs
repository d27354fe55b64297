namespace Moldau.Broker.Metadata.Operations;

/// <summary>Producer ids that one node hands out, and no other ever does.</summary>
public readonly record struct ProducerIdBlock(long First, int Count)
{
    /// <summary>As Kafka's.</summary>
    public const int Size = 1000;
}
