using Moldau.Broker.Quotas;
using Moldau.Broker.Requests;
using Moldau.Broker.Security;
using Moldau.Broker.Security.Rules;
using Moldau.Broker.Security.Sasl;
using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker.Network;

/// <summary>
/// One client's connection. Its requests take effect in the order in which they came, each before the next is looked at;
/// what they wait for may overlap; their replies leave in the same order. Everything here runs on the lane but
/// <see cref="Poke"/> and <see cref="CloseSoon"/>.
/// </summary>
internal sealed class Connection : LaneWork
{
    private const int ReceivesAtOnce = 4;

    private readonly Transport _transport;
    private readonly RequestPipeline _pipeline;
    private readonly NetworkLimits _limits;
    private readonly ConnectionTable _table;
    private readonly FrameReader _frames;
    private readonly Outbox _outbox;
    private readonly ReplyWriter _replies;
    private readonly MuteTimer _mute;
    private readonly ReplyTimes _times;
    private Exchange? _first;
    private Exchange? _last;
    private int _underWay;
    private Exchange? _exclusive;
    private volatile string? _closeReason;
    private long _idleSince;
    private volatile bool _mayRead;
    private volatile bool _drains;
    private bool _isPumping;
    private bool _isHeldBack;
    private string? _endReason;

    public Connection(Lane lane, Transport transport, RequestPipeline pipeline, ConnectionTable table, ListenerFacts listener, string address)
    {
        Lane = lane;
        Listener = listener;
        Address = address;
        _transport = transport;
        _pipeline = pipeline;
        _table = table;
        _limits = table.Limits;
        _frames = new FrameReader(_limits.MaxFrameBytes);
        _outbox = new Outbox(transport);
        _replies = new ReplyWriter(lane, _outbox);
        _mute = new MuteTimer(this, table.Delays);
        _times = new ReplyTimes(lane.Figures, table.Traces);
        LastActive = table.Now;
        if (!SaslSettings.IsAsking(listener.Protocol)) return;
        Session = new SaslSession(LastActive);
        if (_limits.FrameBytesBeforeAuthentication.TryGetValue(listener.Name, out var most)) _frames.Allow(Math.Min(most, _limits.MaxFrameBytes));
    }

    public Lane Lane { get; }

    public ListenerFacts Listener { get; }

    public string Remote => _transport.Remote;

    /// <summary>The other side's, without the port.</summary>
    public string Address { get; }

    /// <summary>What the client has said of itself, by ApiVersions.</summary>
    public ClientSoftware Software { get; set; } = ClientSoftware.Unknown;

    /// <summary>Who speaks, from the moment authentication has found it out.</summary>
    public Principal Principal { get; internal set; } = Principal.Anonymous;

    /// <summary>The same, as rules are asked about it; whoever asks puts it here.</summary>
    internal Subject? Subject { get; set; }
    /// <summary>How far it has come on its way in; null where the listener asks nobody.</summary>
    public SaslSession? Session { get; }

    /// <summary>What its requests are counted on; null before the first that is. Belongs to the lane.</summary>
    internal ClientMeters? Meters { get; set; }

    internal ClientQuotas Quotas => _table.Quotas;

    public bool IsClosed { get; private set; }

    /// <summary>Called on the lane when it has closed, by whoever keeps something for it.</summary>
    internal Action<Connection>? Ended { get; set; }

    /// <summary>On the clock of the broker's delays.</summary>
    public long Now => _table.Now;

    /// <summary>When a frame last came whole, or a reply left.</summary>
    public long LastActive { get; private set; }

    /// <summary>When something was last received, by the lane's figures.</summary>
    internal long Arrived { get; private set; }

    /// <summary>When the request that is being started was looked at.</summary>
    internal long Started { get; private set; }

    /// <summary>It is known who speaks. From any thread, while a request that nothing may overtake is under way.</summary>
    public void Entered(Principal principal)
    {
        Principal = principal;
        _frames.Allow(_limits.MaxFrameBytes);
    }

    /// <summary>Called once, before anything is received.</summary>
    public void Begin() => Lane.Post(this);

    /// <summary>Something has happened that may let a reply go. From any thread.</summary>
    public void Poke() => Lane.Post(this);

    /// <summary>Something has come. From any thread; for transports that have no event of their own.</summary>
    public void PokeToRead()
    {
        _mayRead = true;
        Lane.Post(this);
    }

    /// <summary>Closes the connection on its lane. From any thread.</summary>
    public void CloseSoon(string reason)
    {
        _closeReason = reason;
        Lane.Post(this);
    }

    /// <summary>
    /// Takes no more requests, ends what waits for more than the disk, and closes when the last reply has left. From any
    /// thread.
    /// </summary>
    public void DrainSoon()
    {
        _drains = true;
        Lane.Post(this);
    }

    /// <summary>Closes it where nothing has happened since. From any thread.</summary>
    public void CloseIfIdleSoon(long oldest)
    {
        Volatile.Write(ref _idleSince, oldest);
        Lane.Post(this);
    }

    public override void RunOnLane()
    {
        if (IsClosed) return;
        if (_closeReason is { } reason) Close(reason);
        else if (_drains) Finish();
        else if (LastActive < Volatile.Read(ref _idleSince)) CloseIdle();
        else if (_mayRead) OnReadable();
        else GoOn();
    }

    public void OnReadable()
    {
        if (IsClosed) return;
        _mayRead = false;
        if (!MayStart) _isHeldBack = true;
        for (var i = 0; i < ReceivesAtOnce && MayStart; i++)
        {
            if (!Settle()) return;
            var room = _frames.Room(Lane);
            var received = _transport.Receive(room);
            if (received == Transport.WouldBlock) break;
            if (received < 0)
            {
                OnGone();
                return;
            }

            _frames.Add(received);
            Arrived = Lane.Figures.Now;
            StartRequests();
            if (IsClosed) return;
            if (received < room.Length) break;
        }

        GoOn();
    }

    public void OnWritable()
    {
        if (_drains) Finish();
        else GoOn();
    }

    public void OnGone() => Close(null);

    private bool MayStart =>
        _exclusive is null && !_drains && _underWay < _limits.RequestsPerConnection && _outbox.Waiting < _limits.ReplyBytesPerConnection && !_mute.IsOn;

    /// <summary>Sends what is finished, starts what may start, and says what to be called for.</summary>
    private void GoOn()
    {
        if (IsClosed || _isPumping) return;
        _isPumping = true;
        do
        {
            if (!SendReplies()) break;
        }
        while (MayStart && _frames.HasRest && StartRequests());
        _isPumping = false;
        if (IsClosed) return;
        if (_endReason is not null && _first is null && _outbox.IsEmpty)
        {
            Close(_endReason);
            return;
        }

        if (!Settle()) return;
        _transport.Want(reads: WantsReads(), writes: !_outbox.IsEmpty);
    }

    /// <summary>
    /// Few clients send anything behind a request that nothing may overtake, and two calls into the system for each such
    /// request are saved where it is called off only when one does.
    /// </summary>
    private bool WantsReads()
    {
        if (_exclusive is not null && !_isHeldBack) return true;
        if (!MayStart || _table.IsStarved(this, _frames.HasRest)) return false;
        _isHeldBack = false;
        return true;
    }

    private void Finish()
    {
        for (var exchange = _first; exchange is not null; exchange = exchange.Next) exchange.Hurry();
        GoOn();
        if (!IsClosed && _first is null && _outbox.IsEmpty) Close(_endReason);
    }

    private bool Settle()
    {
        try
        {
            _frames.Settle(Lane);
            return true;
        }
        catch (FrameException bad)
        {
            if (bad.SpeaksTls) _table.Tls.CountOnPlain();
            Close(bad.Message);
            return false;
        }
    }

    /// <returns>Whether any was.</returns>
    private bool StartRequests()
    {
        var any = false;
        try
        {
            while (MayStart && _frames.TryTake(out var frame, out var chunk))
            {
                any = true;
                Started = Lane.Figures.Now;
                LastActive = Lane.Figures.Milliseconds(Started);
                _pipeline.Start(this, frame, chunk);
                if (IsClosed) return false;
            }
        }
        catch (FrameException bad)
        {
            if (bad.SpeaksTls) _table.Tls.CountOnPlain();
            Close(bad.Message);
            return false;
        }

        return any;
    }

    /// <summary>No further requests for this long, also of those that have come already. On the lane.</summary>
    internal void HoldBack(int milliseconds) => _mute.Begin(milliseconds);

    /// <summary>The pipeline puts an exchange in line before its handler runs: one may end at once, on another thread.</summary>
    internal void Enter(Exchange exchange)
    {
        exchange.Next = null;
        if (_last is null) _first = exchange;
        else _last.Next = exchange;
        _last = exchange;
        _underWay++;
        if (exchange.IsExclusive) _exclusive = exchange;
    }

    /// <returns>False where nothing more can be done now.</returns>
    private bool SendReplies()
    {
        while (true)
        {
            if (!_outbox.IsEmpty && !Drain()) return false;
            _replies.Begin();
            if (_first is not { IsDone: true }) return true;
            var since = Lane.Figures.Now;
            // Not all at once where there is much: what is written here waits in memory for its reader.
            while (_first is { IsDone: true } exchange && _outbox.Waiting < _limits.ReplyBytesPerConnection)
            {
                RemoveFirst(exchange);
                if (_table.Quotas.IsOn || exchange.MuteMilliseconds > 0) _table.Quotas.Settle(exchange);
                if (!TryWrite(exchange, since)) return false;
                // The reply has said how long: whoever does not keep to it is kept to it (KIP-219).
                if (exchange.MuteMilliseconds > 0) _mute.Begin(exchange.MuteMilliseconds);
                if (exchange.EndReason is { } end) EndWith(end);
                // One without a reply can only be refused by an end, before anything behind it is answered.
                var isRefused = !exchange.HasReply && _closeReason is not null;
                Lane.Exchanges.Return(exchange);
                if (!isRefused) continue;
                Close(_closeReason);
                return false;
            }

            _replies.Hand();
        }
    }

    /// <summary>Nothing more is taken, and it closes when what it is owed has left.</summary>
    private void EndWith(string reason)
    {
        _endReason = reason;
        _drains = true;
    }

    private bool TryWrite(Exchange exchange, long since)
    {
        try
        {
            var bytes = exchange.HasReply ? _replies.Write(exchange) : 0;
            _times.Written(exchange, bytes, since, since);
            return true;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _pipeline.CouldNotAnswer(exchange, fault);
            Close("its reply could not be written");
            return false;
        }
    }

    private bool Drain()
    {
        var drained = _outbox.Drain();
        if (drained == false)
        {
            OnGone();
            return false;
        }

        var now = Lane.Figures.Now;
        LastActive = Lane.Figures.Milliseconds(now);
        if (drained == true)
        {
            _times.Sent(now);
            return true;
        }

        _outbox.Keep(Lane.Replies, Lane.Chunks);
        _replies.Begin();
        return false;
    }

    private void RemoveFirst(Exchange exchange)
    {
        _first = exchange.Next;
        if (_first is null) _last = null;
        exchange.Next = null;
        _underWay--;
        if (_exclusive == exchange) _exclusive = null;
    }

    /// <summary>A client that waits for what we owe it is not idle; one that has begun a frame and does not end it is.</summary>
    private void CloseIdle()
    {
        if (_first is not null && _outbox.IsEmpty) return;
        Listener.Counts.Expire();
        Close(_frames.HasRest ? "a request that it began never ended (connections.max.idle.ms)"
            : _outbox.IsEmpty ? null : "it does not read its replies (connections.max.idle.ms)");
    }

    private void Close(string? reason)
    {
        if (IsClosed) return;
        IsClosed = true;
        _transport.Close();
        _frames.Release();
        _outbox.Clear();
        _mute.End();
        _times.Abandon(_first);
        for (var exchange = _first; exchange is not null; exchange = exchange.Next) exchange.Abandon();
        _first = _last = null;
        Ended?.Invoke(this);
        _table.Closed(this, reason);
    }
}
