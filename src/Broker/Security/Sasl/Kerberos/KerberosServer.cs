using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Text;

namespace Moldau.Broker.Security.Sasl.Kerberos;

/// <summary>
/// GSSAPI (RFC 4752) by the platform's own negotiation: first the context, then which layer protects what follows, of which
/// only "none" is offered, as with Kafka: privacy is TLS's.
/// </summary>
/// <param name="realm">Of the broker's own principal.</param>
internal sealed class KerberosServer(string realm, LocalNameRules rules) : SaslServer
{
    private const byte NoLayer = 1;
    private const int LayerBytes = 4;
    private const int MostWrapped = 64 * 1024;

    private readonly NegotiateAuthentication _context = new(new NegotiateAuthenticationServerOptions
    {
        Package = "Kerberos",
        Credential = CredentialCache.DefaultNetworkCredentials,
        RequiredProtectionLevel = ProtectionLevel.None,
    });

    private Phase _phase;

    private enum Phase
    {
        Context,
        Offer,
        Choice,
    }

    public override ValueTask<SaslStep> StepAsync(ReadOnlyMemory<byte> token) => ValueTask.FromResult(_phase switch
    {
        Phase.Context => Establish(token.Span),
        // The client has nothing more to say of the context, and asks for the offer.
        Phase.Offer when token.IsEmpty => Offer(),
        Phase.Choice => Choose(token.Span),
        _ => SaslStep.Refuse("a token where none belongs"),
    });

    public override void Dispose()
    {
        _context.Dispose();
        base.Dispose();
    }

    private SaslStep Establish(ReadOnlySpan<byte> token)
    {
        var answer = _context.GetOutgoingBlob(token, out var status);
        if (status == NegotiateAuthenticationStatusCode.ContinueNeeded) return SaslStep.GoOn(answer ?? []);
        if (status != NegotiateAuthenticationStatusCode.Completed) return SaslStep.Refuse($"a ticket that does not count ({status})");
        if (answer is not { Length: > 0 }) return Offer();
        _phase = Phase.Offer;
        return SaslStep.GoOn(answer);
    }

    private SaslStep Offer()
    {
        var wrapped = new ArrayBufferWriter<byte>();
        var status = _context.Wrap([NoLayer, 0, 0, 0], wrapped, requestEncryption: false, out _);
        if (status != NegotiateAuthenticationStatusCode.Completed) return SaslStep.Refuse($"the offer of layers could not be wrapped ({status})");
        _phase = Phase.Choice;
        return SaslStep.GoOn(wrapped.WrittenMemory);
    }

    private SaslStep Choose(ReadOnlySpan<byte> token)
    {
        if (token.Length > MostWrapped) return SaslStep.Refuse($"a choice of {token.Length} bytes");
        var plain = new ArrayBufferWriter<byte>();
        var status = _context.Unwrap(token, plain, out _);
        if (status != NegotiateAuthenticationStatusCode.Completed) return SaslStep.Refuse($"a choice that cannot be unwrapped ({status})");
        var choice = plain.WrittenSpan;
        if (choice.Length < LayerBytes || choice[0] != NoLayer) return SaslStep.Refuse("a layer that was not offered");
        if (_context.RemoteIdentity.Name is not { Length: > 0 } principal) return SaslStep.Refuse("a ticket of nobody");
        var asWhom = Encoding.UTF8.GetString(choice[LayerBytes..]);
        if (asWhom.Length > 0 && asWhom != principal) return SaslStep.RefuseSaying("Authentication failed: Client requested an authorization id that is different from its principal");
        return rules.Apply(principal, realm) is { } name
            ? SaslStep.Done(new SaslIdentity(name)) : SaslStep.Refuse("a principal for which sasl.kerberos.principal.to.local.rules have no name");
    }
}
