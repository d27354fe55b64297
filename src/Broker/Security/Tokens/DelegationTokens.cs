using System.Security.Cryptography;
using System.Text;
using Moldau.Broker.Metadata.Image;

namespace Moldau.Broker.Security.Tokens;

/// <summary>
/// The tokens of the metadata, and what proves them: a code made of a token's id with the cluster's secret key. Whoever
/// has the metadata alone can make none.
/// </summary>
internal sealed class DelegationTokens(Func<MetadataImage> image, LiveSettings settings)
{
    /// <summary>Without a key there are no tokens.</summary>
    public bool AreThere => settings.Current.Tokens.SecretKey is not null;

    public IEnumerable<DelegationToken> All
    {
        get
        {
            foreach (var (id, stored) in image().DelegationTokens) yield return new DelegationToken(id, stored.Record);
        }
    }

    /// <summary>What proves a token, as its holder was given it.</summary>
    public byte[] Code(string id) => HMACSHA512.HashData(
        Encoding.UTF8.GetBytes(settings.Current.Tokens.SecretKey ?? throw new InvalidOperationException("there is no key")), Encoding.UTF8.GetBytes(id));

    /// <summary>As one enters with it.</summary>
    public string Password(string id) => Convert.ToBase64String(Code(id));

    public DelegationToken? Find(string id) => image().DelegationTokens.TryGetValue(id, out var stored) ? new DelegationToken(id, stored.Record) : null;

    /// <summary>By what proves it. All are looked at, so that nobody learns how near he was.</summary>
    public DelegationToken? FindByCode(ReadOnlySpan<byte> code)
    {
        DelegationToken? found = null;
        foreach (var token in All)
        {
            if (CryptographicOperations.FixedTimeEquals(Code(token.Id), code)) found = token;
        }

        return found;
    }
}
