namespace Moldau.Broker.Network;

/// <summary>Bytes that are no request of Kafka's protocol. The connection is closed: where the next one begins is not known.</summary>
internal sealed class FrameException(string problem, bool speaksTls = false) : Exception(problem)
{
    /// <summary>Whether it is the beginning of TLS.</summary>
    public bool SpeaksTls { get; } = speaksTls;
}
