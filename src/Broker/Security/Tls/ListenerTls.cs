using Moldau.Broker.Network;
using Moldau.Broker.Security.Certificates;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Storage.Files;

namespace Moldau.Broker.Security.Tls;

/// <summary>
/// What one listener's handshakes use at this moment. Settings and files are looked at again while it serves; what cannot
/// be used is told once and leaves everything as it is.
/// </summary>
internal sealed class ListenerTls
{
    private readonly ISmallFiles _files;
    private readonly NetworkLog _log;
    private volatile TlsContext _current;
    private (TlsSettings Settings, string Fingerprint) _tried;

    /// <exception cref="StoreException">What is there at the start cannot be used.</exception>
    public ListenerTls(string listener, TlsSettings settings, ISmallFiles files, NetworkLog log)
    {
        Listener = listener;
        _files = files;
        _log = log;
        var read = TlsFiles.Read(settings, files);
        _current = TlsContext.Of(settings, read);
        _tried = (settings, read.Fingerprint);
    }

    public string Listener { get; }

    public TlsContext Current => _current;

    /// <summary>How often other certificates have taken the place of what was there.</summary>
    public long Reloads { get; private set; }

    /// <summary>Looks whether something is another. One caller at a time.</summary>
    public void Refresh(TlsSettings settings)
    {
        var tried = (settings, Fingerprint: "");
        try
        {
            var read = TlsFiles.Read(settings, _files);
            tried.Fingerprint = read.Fingerprint;
            if (tried == _tried) return;
            var context = TlsContext.Of(settings, read);
            _tried = tried;
            _current = context;
            Reloads++;
            _log.CertificatesRead(Listener, context.Shows);
        }
        catch (StoreException fault)
        {
            // A file that is not there has no fingerprint: what is wrong with it stands for one.
            if (tried.Fingerprint.Length == 0) tried.Fingerprint = fault.Message;
            if (tried == _tried) return;
            _tried = tried;
            _log.CertificatesKept(Listener, fault.Message);
        }
    }
}
