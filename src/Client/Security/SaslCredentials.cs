namespace Moldau.Client.Security;

/// <summary>What a client proves itself with where a broker asks (SASL). Never printed: its text names the mechanism and no secret.</summary>
public abstract class SaslCredentials
{
    private protected SaslCredentials(string mechanism) => Mechanism = mechanism;

    /// <summary>By its SASL name, such as SCRAM-SHA-512.</summary>
    public string Mechanism { get; }

    public override string ToString() => Mechanism;

    /// <param name="nonce">What must not be guessed, drawn for this conversation.</param>
    /// <param name="host">As the broker was asked for.</param>
    internal abstract SaslConversation Begin(Func<string> nonce, string host);
}
