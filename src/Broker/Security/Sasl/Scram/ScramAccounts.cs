using System.Text;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Security.Tokens;

namespace Moldau.Broker.Security.Sasl.Scram;

/// <summary>Finds what the metadata knows of users.</summary>
/// <param name="image">The newest.</param>
/// <param name="secret">Of this process: what is told of unknown users is made from it, the same each time they are asked for.</param>
/// <param name="tokens">Delegation tokens, for whoever enters with one.</param>
/// <param name="clock">Says which of them are over.</param>
internal sealed class ScramAccounts(Func<MetadataImage> image, byte[] secret, DelegationTokens tokens, TimeProvider clock)
{
    private const int SaltBytes = 20;

    public ScramAccount User(ScramHash hash, string name)
    {
        // Both are made, so that both take the same time.
        var madeUp = MadeUp(hash, name);
        return image().Credentials.TryGetValue(new ScramUser(hash.Mechanism, name), out var stored)
            ? new ScramAccount(stored.Record, new SaslIdentity(name)) : new ScramAccount(madeUp, null);
    }

    /// <summary>What proves a token is made anew each time, also for one that is not there, so that both take the same time.</summary>
    public ScramAccount Token(ScramHash hash, string id)
    {
        var madeUp = MadeUp(hash, id);
        // Where there are no tokens nobody is made to compute for one.
        if (!tokens.AreThere) return new ScramAccount(madeUp, null);
        var found = tokens.Find(id);
        var (salt, password) = (madeUp.Salt.ToArray(), tokens.Password(id));
        var credential = hash.Credential(hash.SaltedPassword(password, salt, ScramHash.LeastIterations), salt, ScramHash.LeastIterations);
        return found is { } token && !token.IsOver(clock.GetUtcNow().ToUnixTimeMilliseconds())
            ? new ScramAccount(credential, new SaslIdentity(token.OwnerName, token.Record.ExpiresAt, IsByToken: true)) : new ScramAccount(madeUp, null);
    }

    /// <summary>What looks like a credential, and which nobody can prove.</summary>
    internal CredentialRecord MadeUp(ScramHash hash, string name)
    {
        var salt = hash.Mac(secret, Encoding.UTF8.GetBytes("salt of " + name));
        var key = hash.Mac(secret, Encoding.UTF8.GetBytes("key of " + name));
        return new CredentialRecord(salt.AsMemory(0, SaltBytes), key, key, ScramHash.LeastIterations);
    }
}
