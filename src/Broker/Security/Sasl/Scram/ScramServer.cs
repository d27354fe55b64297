using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Moldau.Broker.Security.Sasl.Scram;

/// <summary>
/// SCRAM-SHA-256 and -512 (RFC 5802, RFC 7677) without channel binding. An unknown user is asked for a proof like any
/// other, and refused where everybody is whose proof is wrong.
/// </summary>
/// <param name="find">By name, and whether it is a delegation token's.</param>
/// <param name="nonce">Ours; nobody can foresee it.</param>
internal sealed class ScramServer(ScramHash hash, Func<string, bool, ScramAccount> find, string nonce) : SaslServer
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ScramClientFirst? _first;
    private ScramAccount? _account;
    private string _serverFirst = "";

    public override ValueTask<SaslStep> StepAsync(ReadOnlyMemory<byte> token) => ValueTask.FromResult(Step(token.Span));

    private SaslStep Step(ReadOnlySpan<byte> token)
    {
        string message;
        try
        {
            message = Strict.GetString(token);
        }
        catch (DecoderFallbackException)
        {
            return SaslStep.Refuse("a message that is not UTF-8");
        }

        return _first is null ? Begin(message) : End(message);
    }

    private SaslStep Begin(string message)
    {
        if (ScramClientFirst.Read(message) is not { } first) return SaslStep.Refuse("a first message that is none");
        if (first.AsWhom.Length > 0 && first.AsWhom != first.Name)
            return SaslStep.RefuseSaying("Authentication failed: Client requested an authorization id that is different from username");
        _first = first;
        _account = find(first.Name, first.IsByToken);
        var credential = _account.Credential;
        _serverFirst = string.Create(CultureInfo.InvariantCulture, $"r={first.Nonce}{nonce},s={Convert.ToBase64String(credential.Salt.Span)},i={credential.Iterations}");
        return SaslStep.GoOn(Encoding.UTF8.GetBytes(_serverFirst));
    }

    private SaslStep End(string message)
    {
        if (ScramClientFinal.Read(message) is not { } final) return SaslStep.Refuse("a last message that is none");
        if (!Encoding.UTF8.GetBytes(_first!.Header).AsSpan().SequenceEqual(final.Header)) return SaslStep.Refuse("another header in the last message than in the first");
        // librdkafka before 2.6.1 says its own part twice; what counts is that it has seen ours.
        if (final.Nonce != _first.Nonce + nonce && final.Nonce != _first.Nonce + _first.Nonce + nonce) return SaslStep.Refuse("another nonce in the last message");
        if (final.Proof.Length != hash.Length) return SaslStep.Refuse($"a proof of {final.Proof.Length} bytes");
        var signed = Encoding.UTF8.GetBytes($"{_first.Bare},{_serverFirst},{final.WithoutProof}");
        var credential = _account!.Credential;
        var storedKey = credential.StoredKey.ToArray();
        var clientKey = hash.Mac(storedKey, signed);
        for (var i = 0; i < clientKey.Length; i++) clientKey[i] ^= final.Proof[i];
        var isRight = CryptographicOperations.FixedTimeEquals(hash.Hash(clientKey), storedKey);
        if (!isRight || _account.Identity is null) return SaslStep.Refuse("a wrong proof, or an unknown user");
        return SaslStep.Done(_account.Identity, Encoding.UTF8.GetBytes("v=" + Convert.ToBase64String(hash.Mac(credential.ServerKey.ToArray(), signed))));
    }
}
