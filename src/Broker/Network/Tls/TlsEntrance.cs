using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Moldau.Broker.Security;
using Moldau.Broker.Security.Certificates;
using Moldau.Broker.Security.Tls;
using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker.Network.Tls;

/// <summary>One connection's handshake: on the pool, within its time, and with the principal that its certificate names.</summary>
internal sealed class TlsEntrance(TlsContext context, TlsLine line, SslStream stream, TlsDoor door)
{
    private string? _fault;

    /// <returns>Whether the connection may be served.</returns>
    public async Task<bool> EnterAsync(Connection connection)
    {
        door.Counts.Begin();
        var outcome = TlsOutcome.Broken;
        using var patience = new CancellationTokenSource(door.Patience, door.Clock);
        try
        {
            line.BeginHandshake();
            await stream.AuthenticateAsServerAsync(context.Options(Check), patience.Token).ConfigureAwait(false);
            if (NameOf(connection, stream.RemoteCertificate) is { } principal)
            {
                connection.Principal = principal;
                outcome = TlsOutcome.Completed;
            }
            else
            {
                outcome = TlsOutcome.Refused;
            }
        }
        catch (NotTlsException garbage)
        {
            outcome = TlsOutcome.NotTls;
            _fault = garbage.Message;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            outcome = TlsOutcome.TimedOut;
            _fault = $"its handshake had not ended after {door.Patience.TotalMilliseconds:0} ms (moldau.ssl.handshake.timeout.ms)";
        }
        catch (AuthenticationException failure)
        {
            outcome = _fault is null ? TlsOutcome.Broken : TlsOutcome.Refused;
            _fault ??= (failure.InnerException ?? failure).Message;
        }
        catch (ObjectDisposedException)
        {
            // The broker has closed it meanwhile, and has said why.
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Whatever a stranger sends ends his own connection and nothing else.
            _fault = failure.Message;
        }
        finally
        {
            line.EndHandshake();
            door.Counts.End(outcome);
        }

        if (outcome == TlsOutcome.Completed) return true;
        if (_fault is not null) door.Tell(connection, _fault);
        return false;
    }

    private bool Check(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None) return true;
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            if (context.ClientAuth == TlsClientAuth.Requested) return true;
            _fault = "it shows no certificate, and must (ssl.client.auth)";
            return false;
        }

        var reasons = chain?.ChainStatus.Select(static status => status.StatusInformation.Trim()).Distinct() ?? [];
        _fault = $"its certificate, {(certificate is X509Certificate2 own ? Subject(own) : "?")}, is not good: {string.Join("; ", reasons)}";
        return false;
    }

    /// <summary>Where SASL asks, a certificate opens the door and names nobody.</summary>
    private Principal? NameOf(Connection connection, X509Certificate? certificate)
    {
        if (context.ClientAuth == TlsClientAuth.None || certificate is not X509Certificate2 own || connection.Listener.AsksBySasl) return connection.Principal;
        var subject = Subject(own);
        if (context.Mapping.Map(subject) is { } name) return new Principal(Principal.UserType, name);
        _fault = $"no rule of ssl.principal.mapping.rules gives a name to {subject}";
        return null;
    }

    private static string Subject(X509Certificate2 certificate) => DistinguishedName.Text(certificate.SubjectName.RawData);
}
