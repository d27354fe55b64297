namespace Moldau.Protocol.Records;

/// <summary>Who wrote a batch, and where in its sequence: what makes a retry recognisable.</summary>
public readonly record struct ProducerIdentity(long ProducerId, short Epoch, int BaseSequence)
{
    public const long NoProducerId = -1;

    /// <summary>A producer that is not idempotent.</summary>
    public static readonly ProducerIdentity None = new(NoProducerId, -1, -1);
}
