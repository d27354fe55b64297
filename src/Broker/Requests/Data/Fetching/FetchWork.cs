using Moldau.Broker.Diagnostics.Counting;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Broker.Timing;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Data.Fetching;

/// <summary>
/// One fetch: reads, and where that is not enough waits for its partitions to have more, or for the time to be over. While
/// it waits it holds no file and no thread. Kept with its exchange and used again with it; all of it runs on the lane.
/// </summary>
internal sealed class FetchWork : LaneWork
{
    private readonly Exchange _exchange;
    private readonly Delays _delays;
    private readonly FetchSessions _sessions;
    private readonly DataCounts _counts;
    private readonly List<FetchItem> _items = [];
    private readonly Expiry _expiry;
    private readonly News _news;
    private int _count;
    private int _minBytes;
    private int _maxBytes;
    private bool _isCommitted;
    private bool _isWaiting;
    private volatile bool _isExpired;

    private FetchWork(Exchange exchange, Delays delays, FetchSessions sessions, DataCounts counts)
    {
        _counts = counts;
        _exchange = exchange;
        _delays = delays;
        _sessions = sessions;
        _expiry = new Expiry(this);
        _news = new News(this);
    }

    public FetchSession? Session { get; set; }

    /// <summary>What whoever fetches may do.</summary>
    public Access Access { get; set; }

    /// <summary>Whether who comes by a listener finds a partition's leader there; null where all do.</summary>
    public Func<ListenerFacts, Partition, bool>? Leads { get; set; }

    /// <summary>Whether another node asks, or says it is one.</summary>
    public bool IsReplica { get; set; }

    /// <summary>It says it is a node, and may not be one.</summary>
    public bool IsForbidden { get; set; }

    /// <summary>Only what has changed is told.</summary>
    public bool IsIncremental { get; set; }

    /// <summary>Nothing is left in it; the client is told so.</summary>
    public bool IsSessionOver { get; set; }

    /// <summary>It began with this fetch.</summary>
    public bool IsSessionNew { get; set; }

    public static FetchWork For(Exchange exchange, Delays delays, FetchSessions sessions, DataCounts counts)
    {
        if (exchange.State is not FetchWork work) exchange.State = work = new FetchWork(exchange, delays, sessions, counts);
        work._count = 0;
        work._isWaiting = false;
        work._isExpired = false;
        work.Session = null;
        work.IsIncremental = false;
        work.IsSessionOver = false;
        work.IsForbidden = false;
        work.IsSessionNew = false;
        return work;
    }

    public FetchItem Add()
    {
        if (_count == _items.Count) _items.Add(new FetchItem());
        return _items[_count++];
    }

    public void Start(FetchRequest request, int maxBytes)
    {
        // Who may have less is not to wait for more.
        _minBytes = Math.Min(request.MinBytes, maxBytes);
        _maxBytes = maxBytes;
        _isCommitted = request.IsolationLevel == 1;
        if (Read() || request.MaxWaitMs <= 0)
        {
            Finish();
            return;
        }

        Wait(request.MaxWaitMs);
    }

    public override void RunOnLane()
    {
        // News may come late: the exchange is another request's by now, or nobody's.
        if (!_isWaiting) return;
        if (!Read() && !_isExpired)
        {
            Drop();
            return;
        }

        StopWaiting();
        Finish();
    }

    private void Hurry()
    {
        _isExpired = true;
        RunOnLane();
    }

    /// <returns>Whether there is enough to answer.</returns>
    private bool Read()
    {
        var left = _maxBytes;
        var bytes = 0L;
        var isEnough = _count == 0;
        for (var i = 0; i < _count; i++)
        {
            var item = _items[i];
            item.IsElsewhere = Leads is not null && item.Partition is { } partition && !Leads(_exchange.Connection.Listener, partition);
            if (IsReplica && item.Partition is not null) Deny(item);
            else FetchRead.Run(item, _isCommitted, left, isFirst: bytes == 0);
            isEnough |= item.Error != ErrorCode.None || item.IsDiverging;
            bytes += item.Bytes;
            left = (int)Math.Max(0, left - (long)item.Bytes);
        }

        return isEnough || bytes >= _minBytes;
    }

    private static void Deny(FetchItem item)
    {
        item.Clear();
        item.Error = ErrorCode.NotLeaderOrFollower;
    }

    private void Drop()
    {
        for (var i = 0; i < _count; i++) _items[i].Clear();
    }

    private void Wait(int milliseconds)
    {
        _isWaiting = true;
        _counts.Fetches.Begin();
        _exchange.Hurried = static exchange => (exchange.State as FetchWork)?.Hurry();
        _exchange.Abandoned = static exchange => (exchange.State as FetchWork)?.StopWaiting();
        for (var i = 0; i < _count; i++) _items[i].Partition?.Fetches.Add(_news);
        _delays.Schedule(_expiry, milliseconds);
        // What came between the look and the entry told nobody.
        if (!Read())
        {
            Drop();
            return;
        }

        StopWaiting();
        Finish();
    }

    private void StopWaiting()
    {
        if (!_isWaiting) return;
        _isWaiting = false;
        _counts.Fetches.End();
        for (var i = 0; i < _count; i++) _items[i].Partition?.Fetches.Remove(_news);
        // One that is elapsing at this moment must not meet the next request.
        if (!_delays.Cancel(_expiry)) _exchange.State = null;
    }

    private void Finish()
    {
        var response = (FetchResponse)_exchange.Response;
        if (!IsReplica && !_exchange.Connection.Quotas.TryCountFetch(_exchange, Found()))
        {
            HoldBack(response);
            return;
        }

        Count();
        response.SessionId = Session is null || IsSessionOver ? 0 : Session.Id;
        if (Session is { } session)
        {
            lock (session.Sync) FetchReply.Fill(response, _items, _count, _exchange.Version, session, IsIncremental);
        }
        else
        {
            FetchReply.Fill(response, _items, _count, _exchange.Version, null, false);
        }

        _exchange.Complete();
    }

    private void Count()
    {
        for (var i = 0; i < _count; i++)
        {
            var item = _items[i];
            if (item.Partition is not { } partition) _counts.MissFetch();
            else if (item.Error != ErrorCode.None) partition.Counts.FailFetch();
            else partition.Counts.Fetch(item.Bytes);
        }
    }

    private long Found()
    {
        var bytes = 0L;
        for (var i = 0; i < _count; i++) bytes += _items[i].Bytes;
        return bytes;
    }

    /// <summary>Nothing is told, as if nothing were there; a session that would have begun begins with the next fetch.</summary>
    private void HoldBack(FetchResponse response)
    {
        Drop();
        if (Session is { } begun && IsSessionNew)
        {
            _sessions.Remove(begun);
            Session = null;
        }

        response.SessionId = Session is null || IsSessionOver ? 0 : Session.Id;
        _exchange.Complete();
    }

    private sealed class Expiry(FetchWork work) : Delay
    {
        public override void Elapsed()
        {
            work._isExpired = true;
            work._counts.Fetches.Expire();
            work._exchange.Connection?.Lane.Post(work);
        }
    }

    private sealed class News(FetchWork work) : FetchWait
    {
        public override void Wake() => work._exchange.Connection?.Lane.Post(work);
    }
}
