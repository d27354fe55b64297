using System.Security.Cryptography;
using System.Text;
using Moldau.Broker.Security.Jaas;

namespace Moldau.Broker.Security.Sasl.Plain;

/// <summary>PLAIN (RFC 4616): name and password in one message, against the users of the listener's settings.</summary>
/// <param name="users">The login module whose options are <c>user_NAME="password"</c>.</param>
/// <param name="key">A secret of this process, by which passwords are made equally long before they are compared.</param>
internal sealed class PlainServer(JaasEntry? users, byte[] key) : SaslServer
{
    private const string UserPrefix = "user_";

    public override ValueTask<SaslStep> StepAsync(ReadOnlyMemory<byte> token) => ValueTask.FromResult(Step(token.Span));

    private SaslStep Step(ReadOnlySpan<byte> message)
    {
        var parts = Encoding.UTF8.GetString(message).Split('\0', 5);
        if (parts.Length != 3) return SaslStep.RefuseSaying($"Invalid SASL/PLAIN response: expected 3 tokens, got {(parts.Length > 4 ? "more" : parts.Length)}");
        var (asWhom, name, password) = (parts[0], parts[1], parts[2]);
        if (name.Length == 0) return SaslStep.RefuseSaying("Authentication failed: username not specified");
        if (password.Length == 0) return SaslStep.RefuseSaying("Authentication failed: password not specified");
        string? known = null;
        users?.Options.TryGetValue(UserPrefix + name, out known);
        // An unknown user's is compared too, so that both take the same time.
        var isRight = IsSame(known ?? "", password) && known is not null;
        if (!isRight) return SaslStep.RefuseSaying("Authentication failed: Invalid username or password");
        return asWhom.Length > 0 && asWhom != name
            ? SaslStep.RefuseSaying("Authentication failed: Client requested an authorization id that is different from username")
            : SaslStep.Done(new SaslIdentity(name));
    }

    private bool IsSame(string one, string other) => CryptographicOperations.FixedTimeEquals(
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(one)), HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(other)));
}
