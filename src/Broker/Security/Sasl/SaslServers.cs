using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Security.Sasl.Plain;
using Moldau.Broker.Security.Sasl.Scram;
using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker.Security.Sasl;

/// <summary>Makes this side of a conversation, for each that begins.</summary>
internal sealed class SaslServers
{
    private const int SecretBytes = 32;
    private const int NonceBytes = 24;

    private readonly Func<int, byte[]> _secrets;
    private readonly byte[] _compareKey;
    private readonly ScramAccounts _accounts;

    public SaslServers(Func<MetadataImage> image, Func<int, byte[]> secrets)
    {
        _secrets = secrets;
        _compareKey = secrets(SecretBytes);
        _accounts = new ScramAccounts(image, secrets(SecretBytes));
    }

    /// <param name="mechanism">One that is enabled, so it is one there is.</param>
    /// <param name="settings">What is set for it at the listener.</param>
    public SaslServer Make(string mechanism, SaslMechanismSettings settings)
    {
        if (ScramHash.Find(mechanism) is { } hash)
            return new ScramServer(hash, (name, _) => _accounts.User(hash, name), Convert.ToBase64String(_secrets(NonceBytes)));
        return new PlainServer(settings.Jaas, _compareKey);
    }
}
