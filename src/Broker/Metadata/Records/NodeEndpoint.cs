namespace Moldau.Broker.Metadata.Records;

/// <summary>Where clients and other nodes find a listener.</summary>
/// <param name="Protocol">Kafka's name of what is spoken there: PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL.</param>
public sealed record NodeEndpoint(string Name, string Host, int Port, string Protocol);
