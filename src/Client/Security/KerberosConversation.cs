using System.Buffers;
using System.Net;
using System.Net.Security;

namespace Moldau.Client.Security;

/// <summary>GSSAPI from the client's side: first the context, then the broker's offer of layers, of which none is taken: privacy is TLS's.</summary>
internal sealed class KerberosConversation(NetworkCredential credential, string target) : SaslConversation
{
    private const byte NoLayer = 1;
    private const int LayerBytes = 4;

    private readonly NegotiateAuthentication _context = new(new NegotiateAuthenticationClientOptions
    {
        Package = "Kerberos",
        Credential = credential,
        TargetName = target,
        // The offer is wrapped, and says whom it is from.
        RequiredProtectionLevel = ProtectionLevel.Sign,
        RequireMutualAuthentication = true,
    });

    private bool _isEstablished;
    private bool _hasChosen;

    public override ValueTask<byte[]> FirstAsync(CancellationToken cancellation) => ValueTask.FromResult(Establish([]));

    public override byte[]? Next(ReadOnlySpan<byte> told)
    {
        if (_hasChosen) return null;
        return _isEstablished ? Choose(told) : Establish(told);
    }

    public override void Dispose()
    {
        _context.Dispose();
        base.Dispose();
    }

    private byte[] Establish(ReadOnlySpan<byte> told)
    {
        var answer = _context.GetOutgoingBlob(told, out var status);
        if (status is not (NegotiateAuthenticationStatusCode.Completed or NegotiateAuthenticationStatusCode.ContinueNeeded))
            throw new SaslRefusedException($"no ticket for {target} ({status}); is there one in the cache (klist), and is the broker called so?");
        _isEstablished = status == NegotiateAuthenticationStatusCode.Completed;
        return answer ?? [];
    }

    private byte[] Choose(ReadOnlySpan<byte> told)
    {
        var offer = new ArrayBufferWriter<byte>();
        if (_context.Unwrap(told, offer, out _) is var unwrapped && unwrapped != NegotiateAuthenticationStatusCode.Completed)
            throw new SaslRefusedException($"the broker's offer of layers cannot be unwrapped ({unwrapped})");
        if (offer.WrittenCount != LayerBytes || (offer.WrittenSpan[0] & NoLayer) == 0)
            throw new SaslRefusedException("the broker insists on a layer of Kerberos' own; use TLS");
        var choice = new ArrayBufferWriter<byte>();
        if (_context.Wrap([NoLayer, 0, 0, 0], choice, requestEncryption: false, out _) is var wrapped && wrapped != NegotiateAuthenticationStatusCode.Completed)
            throw new SaslRefusedException($"the choice of no layer cannot be wrapped ({wrapped})");
        _hasChosen = true;
        return choice.WrittenSpan.ToArray();
    }
}
