using Moldau.Broker.Diagnostics.Counting;
using Moldau.Broker.Requests;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Network;

/// <summary>
/// Where the work of some connections runs, one piece after the other: what belongs to a connection needs no lock. What
/// its connections share lies here too.
/// </summary>
internal abstract class Lane(ChunkPool chunks, LaneFigures figures)
{
    /// <summary>So much is received at once: several batches of the usual size, and small enough to stay in the cache.</summary>
    private const int ReceiveBytes = 256 * 1024;

    private const int ReplyBytes = 64 * 1024;

    private readonly Lock _sync = new();
    private LaneWork? _first;
    private LaneWork? _last;
    private Chunk? _spare;
    private byte[]? _replies;

    public ChunkPool Chunks { get; } = chunks;

    public LaneFigures Figures { get; } = figures;

    public StringCache Strings { get; } = new();

    public ExchangePool Exchanges { get; } = new();

    /// <summary>Small replies of one connection gather here before they leave.</summary>
    public byte[] Replies => _replies ??= GC.AllocateUninitializedArray<byte>(ReplyBytes, pinned: true);

    /// <summary>Runs a piece of work soon. From any thread; work that waits already is not queued twice.</summary>
    public void Post(LaneWork work)
    {
        if (Interlocked.Exchange(ref work.IsPosted, 1) != 0) return;
        bool isFirst;
        lock (_sync)
        {
            isFirst = _first is null;
            if (_last is null) _first = work;
            else _last.NextWork = work;
            _last = work;
        }

        if (isFirst) Wake();
    }

    /// <summary>A new connection's: its transport begins to call from now on.</summary>
    public abstract void Adopt(Connection connection);

    /// <summary>A chunk to receive into. The lane keeps one, so that a thousand idle connections keep none.</summary>
    public Chunk TakeChunk()
    {
        if (_spare is not { } spare) return Chunks.Rent(ReceiveBytes);
        _spare = null;
        Chunks.Counted(ReceiveBytes);
        return spare;
    }

    public void GiveBack(Chunk chunk)
    {
        if (_spare is not null || chunk.Bytes.Length != ReceiveBytes || !chunk.IsHeldOnce)
        {
            chunk.LetGo();
            return;
        }

        // What it keeps holds nobody's request.
        _spare = chunk;
        Chunks.Counted(-ReceiveBytes);
    }

    protected abstract void Wake();

    /// <summary>Runs what is posted, and what that posts is left for the next time.</summary>
    /// <returns>False where there was nothing.</returns>
    protected bool RunPosted()
    {
        LaneWork? work;
        lock (_sync)
        {
            work = _first;
            _first = null;
            _last = null;
        }

        if (work is null) return false;
        while (work is not null)
        {
            var next = work.NextWork;
            work.NextWork = null;
            // Before it runs: what happens from here on asks for another run.
            Volatile.Write(ref work.IsPosted, 0);
            work.RunOnLane();
            work = next;
        }

        return true;
    }

    protected bool HasPosted
    {
        get
        {
            lock (_sync) return _first is not null;
        }
    }

    /// <summary>The lane has run for the last time.</summary>
    protected void Release()
    {
        if (_spare is null) return;
        Chunks.Counted(ReceiveBytes);
        _spare.LetGo();
        _spare = null;
    }
}
