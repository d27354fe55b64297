using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Clients.Security;

/// <summary>MIT's Kerberos server with a realm of its own, in a temporary folder and on a port that was free.</summary>
internal sealed class KerberosServer : IAsyncDisposable
{
    public const string Realm = "MOLDAU.TEST";

    private const string Daemon = "/usr/sbin/krb5kdc";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-kdc-").FullName;
    private Process? _process;

    private KerberosServer()
    {
    }

    public static bool IsThere => File.Exists(Daemon) && File.Exists("/usr/sbin/kadmin.local");

    /// <summary>What clients are told of the realm.</summary>
    public string Configuration => Path.Combine(_folder, "krb5.conf");

    /// <param name="principals">Without the realm; each gets a file of its keys.</param>
    public static async Task<KerberosServer> StartAsync(params string[] principals)
    {
        var server = new KerberosServer();
        try
        {
            await server.BeginAsync(principals);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public string Keytab(string principal) => Path.Combine(_folder, principal.Replace('/', '_') + ".keytab");

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        if (_process is not null)
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task BeginAsync(string[] principals)
    {
        var port = FreePorts.One();
        await File.WriteAllTextAsync(Configuration, string.Create(CultureInfo.InvariantCulture, $$"""
            [libdefaults]
              default_realm = {{Realm}}
              dns_lookup_kdc = false
              dns_lookup_realm = false
              dns_canonicalize_hostname = false
              rdns = false
              udp_preference_limit = 1
            [realms]
              {{Realm}} = {
                kdc = 127.0.0.1:{{port}}
              }
            """));
        await File.WriteAllTextAsync(Path.Combine(_folder, "kdc.conf"), string.Create(CultureInfo.InvariantCulture, $$"""
            [kdcdefaults]
              kdc_listen = 127.0.0.1:{{port}}
              kdc_tcp_listen = 127.0.0.1:{{port}}
            [realms]
              {{Realm}} = {
                database_name = {{_folder}}/principal
                key_stash_file = {{_folder}}/stash
                acl_file = {{_folder}}/kadm5.acl
                supported_enctypes = aes256-cts-hmac-sha1-96:normal
              }
            """));
        await RunAsync("/usr/sbin/kdb5_util", "create", "-r", Realm, "-s", "-P", "of the realm");
        foreach (var principal in principals)
        {
            await RunAsync("/usr/sbin/kadmin.local", "-r", Realm, "-q", $"addprinc -randkey {principal}@{Realm}");
            await RunAsync("/usr/sbin/kadmin.local", "-r", Realm, "-q", $"ktadd -k {Keytab(principal)} {principal}@{Realm}");
        }

        var start = new ProcessStartInfo(Daemon, ["-n", "-P", Path.Combine(_folder, "pid")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KRB5_CONFIG"] = Configuration;
        start.Environment["KRB5_KDC_PROFILE"] = Path.Combine(_folder, "kdc.conf");
        _process = Process.Start(start) ?? throw new InvalidOperationException("could not start " + Daemon);
        AppDomain.CurrentDomain.ProcessExit += Kill;
        await UntilItListensAsync(port);
    }

    private Task<string> RunAsync(string program, params string[] arguments) => ChildProcess.RunAsync(
        $"Kerberos: {arguments[^1]}", Deadline, "env", [$"KRB5_CONFIG={Configuration}", $"KRB5_KDC_PROFILE={Path.Combine(_folder, "kdc.conf")}", program, .. arguments]);

    private void Kill(object? sender, EventArgs e)
    {
        if (_process is { HasExited: false }) _process.Kill();
    }

    private async Task UntilItListensAsync(int port)
    {
        using var patience = new CancellationTokenSource(Deadline);
        while (true)
        {
            if (_process!.HasExited) throw new InvalidOperationException($"{Daemon} ended with {_process.ExitCode}: {await _process.StandardError.ReadToEndAsync(patience.Token)}");
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, patience.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50, patience.Token);
            }
        }
    }
}
