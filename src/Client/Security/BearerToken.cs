namespace Moldau.Client.Security;

/// <summary>A token as its issuer gave it.</summary>
public sealed class BearerToken(string value)
{
    /// <summary>What is sent: a JSON web token, for most.</summary>
    public string Value { get; } = value;

    /// <summary>Extensions that some brokers want beside it (KIP-342).</summary>
    public IReadOnlyDictionary<string, string> Extensions { get; init; } = new Dictionary<string, string>();

    public override string ToString() => "a bearer token";
}
