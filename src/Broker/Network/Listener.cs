using System.Net;
using System.Net.Sockets;
using Moldau.Broker.Network.Linux;
using Moldau.Broker.Quotas;
using Moldau.Broker.Requests;
using Moldau.Broker.Security;
using Moldau.Broker.Security.Certificates;
using Moldau.Broker.Security.Tls;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Broker.Settings.Start;

namespace Moldau.Broker.Network;

/// <summary>Accepts connections at one address, and gives each to a lane.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private const int Backlog = 512;

    private readonly Socket _socket;
    private readonly ListenerFacts _facts;
    private readonly ListenerTls? _tls;
    private readonly ListenerParts _parts;
    private readonly Lanes _lanes;
    private readonly ConnectionTable _table;
    private readonly ConnectionRates _rates;
    private readonly HeldSockets _held;
    private readonly NetworkLog _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _clock;
    private RequestPipeline _pipeline = null!;
    private Task _accepting = Task.CompletedTask;

    /// <exception cref="IOException">The address cannot be bound.</exception>
    /// <exception cref="StartSettingsException">Anybody could come in, or its certificates cannot be used.</exception>
    public Listener(Settings.Snapshots.Listener listener, BrokerSettings settings, ListenerParts parts)
    {
        _facts = new ListenerFacts(listener.Name, listener.Protocol);
        var address = AddressOf(listener.Host, listener.Port);
        if (AnonymousRule.Fault(settings, listener, address) is { } fault) throw new StartSettingsException([fault]);
        _tls = _facts.SpeaksTls ? Certificates(settings, parts) : null;
        _parts = parts;
        // TLS is a stream of the framework's, which no lane of the system's own calls can wait for.
        _lanes = _tls is null && parts.Streams is null ? parts.Lanes : parts.StreamLanes;
        _table = parts.Table;
        _rates = parts.Rates;
        _held = new HeldSockets(parts.Table.Delays);
        _clock = parts.Clock;
        _log = parts.Log;
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (address.Address.Equals(IPAddress.IPv6Any)) _socket.DualMode = true;
        // Nothing is set for a restart, which finds connections of before still waiting for their end: .NET allows that by itself where the
        // system has to be asked. Its ReuseAddress would let a second broker listen here too, and each would get some of the clients.
        try
        {
            _socket.Bind(address);
            _socket.Listen(Backlog);
        }
        catch (SocketException refused)
        {
            _socket.Dispose();
            throw new IOException($"cannot listen on {address} (listener {listener.Name}): {refused.Message}; another broker may be running, or say another address", refused);
        }

        Address = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public IPEndPoint Address { get; }

    public ListenerFacts Facts => _facts;

    /// <summary>Null where it does not speak TLS.</summary>
    public ListenerTls? Tls => _tls;

    /// <summary>What clients are told where nobody said what else: an address that stands for all of them has no use to others.</summary>
    public string Host => Address.Address.Equals(IPAddress.Any) || Address.Address.Equals(IPAddress.IPv6Any) ? Dns.GetHostName() : Address.Address.ToString();

    public void Start(RequestPipeline pipeline)
    {
        _pipeline = pipeline;
        _log.Listening(Address.ToString(), _facts.Name);
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        _held.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                if (_rates.Count(_facts.Name) is > 0 and var wait) await WaitAsync(socket, wait).ConfigureAwait(false);
                Take(socket);
            }
            catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException failure)
            {
                // Out of handles, most likely: others close some.
                _log.AcceptFailed(Address.ToString(), failure);
                await Task.Delay(TimeSpan.FromMilliseconds(100), _clock).ConfigureAwait(false);
            }
        }
    }

    private async Task WaitAsync(Socket socket, int milliseconds)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), _clock, _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
    }

    private void Take(Socket socket)
    {
        var remote = socket.RemoteEndPoint as IPEndPoint;
        var address = remote is null ? "unknown" : AddressOf(remote);
        if (_rates.Refuse(address) is { } wait)
        {
            _held.Hold(socket, wait);
            return;
        }

        if (_table.Refusal(address) is { } reason)
        {
            _facts.Counts.Refuse();
            Refuse(remote?.ToString() ?? "unknown", reason);
            socket.Dispose();
            return;
        }

        // The other side may be gone without a word: the system asks now and then.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        var lane = _lanes.Next();
        if (lane is EpollLane native)
        {
            var transport = new EpollTransport(native, socket);
            var connection = new Connection(lane, transport, _pipeline, _table, _facts, address);
            transport.Serve(connection);
            Begin(lane, connection);
            return;
        }

        socket.NoDelay = true;
        var name = remote?.ToString() ?? "unknown";
        var streamed = _tls is null ? new StreamTransport(StreamOf(socket), name) : _parts.Door.Transport(socket, name, _tls);
        var overStream = new Connection(lane, streamed, _pipeline, _table, _facts, address);
        Begin(lane, overStream);
        streamed.Serve(overStream);
    }

    private Stream StreamOf(Socket socket)
    {
        var stream = new NetworkStream(socket, ownsSocket: true);
        return _parts.Streams is { } around ? around(stream) : stream;
    }

    /// <summary>Thousands may knock at once, and a line for each would fill the disk.</summary>
    private void Refuse(string remote, string reason)
    {
        var left = _parts.Refusals.Take();
        if (left == 0) _log.ConnectionRefused(remote, reason);
        else if (left > 0) _log.ConnectionsRefused(remote, reason, left);
    }

    private ListenerTls Certificates(BrokerSettings settings, ListenerParts parts)
    {
        try
        {
            return new ListenerTls(_facts.Name, settings.Tls(_facts.Name), parts.Files, parts.Log);
        }
        catch (StoreException fault)
        {
            throw new StartSettingsException([$"listener {_facts.Name} cannot speak {_facts.Protocol}: {fault.Message}"]);
        }
    }

    private void Begin(Lane lane, Connection connection)
    {
        _table.Opening(connection);
        lane.Adopt(connection);
    }

    /// <summary>Nothing said is every address of the machine.</summary>
    private static IPEndPoint AddressOf(string host, int port)
    {
        if (host.Length == 0) return new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port);
        if (IPAddress.TryParse(host, out var address)) return new IPEndPoint(address, port);
        var found = Dns.GetHostAddresses(host);
        // Most names of this machine have both; the older kind is what others reach.
        return new IPEndPoint(Array.Find(found, static one => one.AddressFamily == AddressFamily.InterNetwork) ?? found[0], port);
    }

    private static string AddressOf(IPEndPoint remote) => QuotaRules.Spelt(remote.Address);
}
