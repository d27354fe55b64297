using Moldau.Broker.Diagnostics.Counting;

namespace Moldau.Broker.Network.Linux;

/// <summary>
/// A lane with a thread of its own, which sleeps until one of its sockets is ready or something is posted. Where the thread
/// pool's threads spin while they wait, this one costs nothing, and a request is answered on the thread that received it.
/// </summary>
internal sealed class EpollLane : Lane, IDisposable
{
    private const int EventsAtOnce = 256;
    private const ulong SignalData = ulong.MaxValue;

    private readonly int _waiter;
    private readonly int _signal;
    private readonly Thread _thread;
    private readonly List<EpollTransport?> _transports = [];
    private readonly Stack<int> _free = [];
    private int _isAsleep;
    private volatile bool _stops;

    public EpollLane(ChunkPool chunks, LaneFigures figures, string name)
        : base(chunks, figures)
    {
        _waiter = NativeSocket.CreateWaiter();
        _signal = NativeSocket.CreateSignal();
        NativeSocket.Add(_waiter, _signal, NativeSocket.Readable, SignalData);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    public override void Adopt(Connection connection) => connection.Begin();

    /// <summary>Ends the thread; its connections were closed before.</summary>
    public void Dispose()
    {
        if (_stops) return;
        _stops = true;
        NativeSocket.Signal(_signal);
        _thread.Join();
        NativeSocket.Close(_signal);
        NativeSocket.Close(_waiter);
        Release();
    }

    /// <summary>Called on the lane.</summary>
    internal int Register(EpollTransport transport, int socket, uint events)
    {
        if (!_free.TryPop(out var place))
        {
            place = _transports.Count;
            _transports.Add(null);
        }

        _transports[place] = transport;
        NativeSocket.Add(_waiter, socket, events, (ulong)place);
        return place;
    }

    internal void Change(int place, int socket, uint events) => NativeSocket.Modify(_waiter, socket, events, (ulong)place);

    internal void Forget(int place, int socket)
    {
        NativeSocket.Remove(_waiter, socket);
        _transports[place] = null;
        _free.Push(place);
    }

    protected override void Wake()
    {
        if (Interlocked.Exchange(ref _isAsleep, 0) == 1) NativeSocket.Signal(_signal);
    }

    private void Run()
    {
        var places = new byte[EventsAtOnce * NativeSocket.EventSize];
        while (!_stops)
        {
            var mayPost = RunPosted();
            if (!mayPost)
            {
                // First asleep, then a look: who posts in between sees the flag, or is seen.
                Interlocked.Exchange(ref _isAsleep, 1);
                if (HasPosted || _stops) mayPost = true;
            }

            if (!mayPost) Figures.Rest();
            var count = NativeSocket.Wait(_waiter, places, mayPost ? 0 : -1);
            if (!mayPost) Figures.Wake();
            Volatile.Write(ref _isAsleep, 0);
            for (var i = 0; i < count; i++)
            {
                var (events, data) = NativeSocket.EventAt(places, i);
                if (data == SignalData) NativeSocket.TakeSignal(_signal);
                // One that was closed by an event before its own leaves nothing, or a newcomer, for whom a false alarm is harmless.
                else _transports[(int)data]?.OnEvents(events);
            }
        }

        while (RunPosted())
        {
        }
    }
}
