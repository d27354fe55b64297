using System.Collections.Concurrent;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Security.Sasl.Kerberos;
using Moldau.Broker.Security.Sasl.OAuth;
using Moldau.Broker.Security.Sasl.Plain;
using Moldau.Broker.Security.Sasl.Scram;
using Moldau.Broker.Security.Seams;
using Moldau.Broker.Security.Tokens;
using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker.Security.Sasl;

/// <summary>Makes this side of a conversation, for each that begins.</summary>
internal sealed class SaslServers
{
    private const int SecretBytes = 32;
    private const int NonceBytes = 24;

    private readonly TimeProvider _clock;
    private readonly Func<int, byte[]> _secrets;
    private readonly byte[] _compareKey;
    private readonly ScramAccounts _accounts;
    private readonly KeyReader _keyReader;
    private readonly ConcurrentDictionary<KeySourceSettings, KeySource> _keys = [];

    public SaslServers(Func<MetadataImage> image, DelegationTokens tokens, BrokerOptions options)
    {
        _clock = options.Clock;
        _secrets = options.Secrets;
        _compareKey = _secrets(SecretBytes);
        _accounts = new ScramAccounts(image, _secrets(SecretBytes), tokens, _clock);
        _keyReader = new KeyReader(options.SmallFiles, new HttpMessageInvoker(options.Http ?? new SocketsHttpHandler()), _clock);
    }

    /// <param name="mechanism">One that is enabled, so it is one there is.</param>
    /// <param name="settings">What is set for it at the listener.</param>
    public SaslServer Make(string mechanism, SaslMechanismSettings settings)
    {
        if (ScramHash.Find(mechanism) is { } hash)
            return new ScramServer(hash, (name, isToken) => isToken ? _accounts.Token(hash, name) : _accounts.User(hash, name), Convert.ToBase64String(_secrets(NonceBytes)));
        if (mechanism == SaslNames.OAuthBearer) return new OAuthServer(settings.OAuth, Keys(settings.OAuth), _clock);
        return settings.Kerberos is { } kerberos ? Kerberos(kerberos) : new PlainServer(settings.Jaas, _compareKey);
    }

    private static KerberosServer Kerberos(KerberosSettings settings)
    {
        // Each time: another listener may have other keys.
        SystemKeytab.Use(settings.Keytab);
        return new KerberosServer(settings.Realm, settings.Rules);
    }

    /// <summary>What was read stays, whatever else is set anew.</summary>
    private KeySource? Keys(OAuthSettings settings) =>
        settings.Keys is null ? null : _keys.GetOrAdd(settings.Keys, where => new KeySource(where, _keyReader.ReadAsync, _clock));
}
