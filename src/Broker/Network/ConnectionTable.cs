using Moldau.Broker.Diagnostics;
using Moldau.Broker.Network.Tls;
using Moldau.Broker.Quotas;
using Moldau.Broker.Security;
using Moldau.Broker.Timing;

namespace Moldau.Broker.Network;

/// <summary>All connections of a broker: how many there may be, which are idle for too long, and which wait for memory.</summary>
internal sealed class ConnectionTable
{
    private readonly Lock _sync = new();
    private readonly HashSet<Connection> _open = [];
    private readonly Dictionary<string, int> _perAddress = [];
    private readonly List<Connection> _starved = [];
    private readonly ChunkPool _chunks;
    private readonly LinePace _ends;
    private readonly NetworkLog _log;
    private TaskCompletionSource? _drained;
    private int _starvedCount;
    private volatile NetworkLimits _limits;
    private bool _isClosed;

    public ConnectionTable(NetworkLimits limits, ChunkPool chunks, Delays delays, RequestTraces traces, ClientQuotas quotas, LinePace ends, NetworkLog log)
    {
        _limits = limits;
        Traces = traces;
        Delays = delays;
        Quotas = quotas;
        _chunks = chunks;
        _ends = ends;
        _log = log;
        chunks.Returned = Feed;
    }

    /// <summary>Connections take them as they begin; those that bound all of them hold at once.</summary>
    public NetworkLimits Limits
    {
        get => _limits;
        set => _limits = value;
    }

    public Delays Delays { get; }

    public RequestTraces Traces { get; }

    public TlsCounts Tls { get; } = new();

    public ClientQuotas Quotas { get; }

    public long Now => Delays.Now;

    public int Count
    {
        get
        {
            lock (_sync) return _open.Count;
        }
    }

    /// <summary>Of the one connection there is.</summary>
    internal Principal OnlyPrincipal
    {
        get
        {
            lock (_sync) return _open.Single().Principal;
        }
    }

    /// <returns>Why it is not let in; null where it is.</returns>
    public string? Refusal(string address)
    {
        lock (_sync)
        {
            if (_isClosed) return "the broker is stopping";
            if (_open.Count >= Limits.Connections) return $"{_open.Count} connections are open, and max.connections is {Limits.Connections}";
            var most = Limits.AddressOverrides.TryGetValue(address, out var own) ? own : Limits.ConnectionsPerAddress;
            var here = _perAddress.GetValueOrDefault(address);
            return here >= most ? $"{here} connections from {address} are open, and max.connections.per.ip is {most} for it" : null;
        }
    }

    public void Opening(Connection connection)
    {
        connection.Listener.Counts.Open();
        lock (_sync)
        {
            _open.Add(connection);
            var address = connection.Address;
            _perAddress[address] = _perAddress.GetValueOrDefault(address) + 1;
            if (_isClosed) connection.CloseSoon("the broker is stopping");
        }
    }

    public void Closed(Connection connection, string? reason)
    {
        lock (_sync)
        {
            if (!_open.Remove(connection)) return;
            connection.Listener.Counts.Close();
            var address = connection.Address;
            if (_perAddress[address] == 1) _perAddress.Remove(address);
            else _perAddress[address]--;
            if (_open.Count == 0) _drained?.TrySetResult();
        }

        if (reason is null) return;
        var left = _ends.Take();
        if (left == 0) _log.ConnectionClosed(connection.Remote, connection.Software.Name, connection.Software.Version, reason);
        else if (left > 0) _log.ConnectionsClosed(connection.Remote, connection.Software.Name, connection.Software.Version, reason, left);
    }

    /// <summary>
    /// Whether there is no memory for another frame. One that has begun goes on: else all memory might lie in frames that
    /// never end. The connection is poked when there is room again.
    /// </summary>
    public bool IsStarved(Connection connection, bool hasBegun)
    {
        if (hasBegun || Limits.QueuedBytes <= 0 || _chunks.Rented < Limits.QueuedBytes) return false;
        lock (_sync)
        {
            _starved.Add(connection);
            Volatile.Write(ref _starvedCount, _starved.Count);
        }

        // It may have come back between the look and the entry.
        Feed();
        return true;
    }

    /// <summary>Called now and then.</summary>
    public void CloseIdle()
    {
        var now = Now;
        var oldest = Limits.IdleMilliseconds > 0 ? now - Limits.IdleMilliseconds : long.MinValue;
        List<Connection> idle = [];
        lock (_sync)
        {
            foreach (var connection in _open)
            {
                if (connection.LastActive < oldest) idle.Add(connection);
                else if (connection.Session?.IsLate(now) == true) connection.CloseSoon("it did not authenticate in time");
            }
        }

        foreach (var connection in idle) connection.CloseIfIdleSoon(oldest);
    }

    /// <summary>No more requests; the task ends when the last connection has had its replies and is closed.</summary>
    public Task DrainAsync()
    {
        Connection[] open;
        lock (_sync)
        {
            _isClosed = true;
            _drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_open.Count == 0) return Task.CompletedTask;
            open = [.. _open];
        }

        foreach (var connection in open) connection.DrainSoon();
        return _drained.Task;
    }

    public void CloseAll()
    {
        Connection[] open;
        lock (_sync)
        {
            _isClosed = true;
            open = [.. _open];
        }

        foreach (var connection in open) connection.CloseSoon("the broker is stopping");
    }

    private void Feed()
    {
        // Each chunk that comes back comes here; nearly always nobody waits.
        if (Volatile.Read(ref _starvedCount) == 0 || (_chunks.Rented >= Limits.QueuedBytes && Limits.QueuedBytes > 0)) return;
        Connection[] starved;
        lock (_sync)
        {
            if (_starved.Count == 0) return;
            starved = [.. _starved];
            _starved.Clear();
            Volatile.Write(ref _starvedCount, 0);
        }

        foreach (var connection in starved) connection.Poke();
    }
}
