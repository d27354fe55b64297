using System.Net;
using System.Net.Sockets;
using Moldau.Bench.Clients.Worker;
using Moldau.Broker.Network.Linux;

namespace Moldau.Bench.Limit;

/// <summary>
/// The least a broker can do, as a limit for ours: one thread, one topic, no checks but the checksum, nothing kept in order
/// but the file's end. It parses, patches the offset, writes from the buffer it received into, and sends back by sendfile. Without
/// a folder it keeps nothing; topics without end are served from memory.
/// </summary>
internal sealed class BareBroker : IDisposable
{
    private const int MostPartitions = 1000;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly int _waiter = NativeSocket.CreateWaiter();
    private readonly List<BareConnection> _connections = [];
    private readonly BareLog[] _logs;
    private readonly Dictionary<string, EndlessLog?> _endless = [];

    public BareBroker(string? folder)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _logs = new BareLog[MostPartitions];
        for (var i = 0; i < MostPartitions; i++) _logs[i] = new BareLog(folder, i);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Until the process ends.</summary>
    public void Run()
    {
        NativeSocket.Add(_waiter, (int)_listener.Handle, NativeSocket.Readable, ulong.MaxValue);
        var places = new byte[64 * NativeSocket.EventSize];
        while (true)
        {
            var count = NativeSocket.Wait(_waiter, places, -1);
            for (var i = 0; i < count; i++)
            {
                var (events, data) = NativeSocket.EventAt(places, i);
                if (data == ulong.MaxValue) Accept();
                else _connections[(int)data].OnEvents(events);
            }
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        NativeSocket.Close(_waiter);
        foreach (var log in _logs) log.Dispose();
    }

    private void Accept()
    {
        var socket = _listener.Accept();
        socket.NoDelay = true;
        socket.Blocking = false;
        var place = (ulong)_connections.Count;
        _connections.Add(new BareConnection(socket, _logs, Endless, _waiter, place, Port));
        NativeSocket.Add(_waiter, (int)socket.Handle, NativeSocket.Readable, place);
    }

    /// <returns>Null for a topic that has what was written to it.</returns>
    private EndlessLog? Endless(string topic)
    {
        if (_endless.TryGetValue(topic, out var log)) return log;
        log = EndlessTopic.TryParse(topic, out var valueBytes, out var isKeyed) ? new EndlessLog(valueBytes, isKeyed) : null;
        _endless.Add(topic, log);
        return log;
    }
}
