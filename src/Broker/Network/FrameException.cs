namespace Moldau.Broker.Network;

/// <summary>Bytes that are no request of Kafka's protocol. The connection is closed: where the next one begins is not known.</summary>
internal sealed class FrameException(string problem) : Exception(problem);
