using Moldau.Broker.Diagnostics.Counting;
using Moldau.Broker.Security;

namespace Moldau.Broker.Network;

/// <summary>By which listener a connection came: what is answered to it names the addresses of the same one.</summary>
/// <param name="Name">The listener's.</param>
/// <param name="Protocol">Kafka's name of what is spoken there.</param>
internal sealed record ListenerFacts(string Name, string Protocol)
{
    public bool SpeaksTls => Protocol is "SSL" or "SASL_SSL";

    /// <summary>Whether a client says by SASL who he is.</summary>
    public bool AsksBySasl => Protocol is "SASL_PLAINTEXT" or "SASL_SSL";

    public ListenerCounts Counts { get; } = new();

    /// <summary>Who was let in there, and who was not.</summary>
    public AuthenticationCounts Authentication { get; } = new();
}
