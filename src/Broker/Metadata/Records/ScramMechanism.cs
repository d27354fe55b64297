namespace Moldau.Broker.Metadata.Records;

/// <summary>With Kafka's codes.</summary>
public enum ScramMechanism
{
    Sha256 = 1,
    Sha512 = 2,
}
