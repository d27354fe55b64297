using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Broker.Sharing;
using Moldau.Broker.Timing;
using Moldau.Coordination.Deliveries;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Sharing;

/// <summary>
/// One share fetch: takes what its partitions have, one after the other, and where nobody has anything waits for that or for
/// the time to be over. While it waits it holds no file and no thread.
/// </summary>
internal sealed class ShareFetchWork : LaneWork
{
    private readonly Exchange _exchange;
    private readonly Connection _connection;
    private readonly SharePartitions _partitions;
    private readonly ShareSessions _sessions;
    private readonly NetworkLog _log;
    private readonly Expiry _expiry;
    private readonly News _news;
    private volatile TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isOver;
    private bool _isWaiting;

    public ShareFetchWork(Exchange exchange, SharePartitions partitions, ShareSessions sessions, ShareSession session, NetworkLog log)
    {
        (_exchange, _connection, _partitions, _sessions, Session, _log) = (exchange, exchange.Connection, partitions, sessions, session, log);
        _expiry = new Expiry(this);
        _news = new News(this);
    }

    public ShareSession Session { get; }

    public bool ClosesSession { get; init; }

    public AcquireLimits Limits { get; set; }

    public int MaxBytes { get; set; }

    /// <summary>Until so much is there, or the longest wait is over, nothing is taken.</summary>
    public int MinBytes { get; set; }

    public int MaxWait { get; set; }

    public List<ShareFetchItem> Items { get; } = [];

    /// <summary>Ends when everything is there that the response tells.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (MaxWait > 0)
            {
                _exchange.Hurried = Over;
                _exchange.Abandoned = Over;
            }

            await TakeOrWaitAsync().ConfigureAwait(false);
            foreach (var item in Items)
            {
                if (item.Acknowledged is { } acknowledged) await acknowledged.ConfigureAwait(false);
            }

            if (ClosesSession) await _sessions.CloseAsync(Session).ConfigureAwait(false);
            _connection.Lane.Post(this);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            foreach (var item in Items) item.Take?.Clear();
            _log.SharingFailed(Session.Group, fault);
            _exchange.Fail(ErrorCode.UnknownServerError, "the broker failed at this request; its log says how");
        }
    }

    public override void RunOnLane()
    {
        if (_connection.IsClosed)
        {
            // Nobody will hear of what was taken; where the session ended before that, its deadline would have to pass.
            foreach (var item in Items) GiveBack(item);
            return;
        }

        var bytes = 0L;
        foreach (var item in Items) bytes += item.Take?.Records?.Slice.Length ?? 0;
        _connection.Quotas.CountFetch(_exchange, bytes);
        var response = (ShareFetchResponse)_exchange.Response;
        response.AcquisitionLockTimeoutMs = _partitions.RulesOf(Session.Group).Deliveries.LockDuration;
        ShareFetchReply.Fill(response, Items);
        _exchange.Complete();
    }

    private void Over(Exchange exchange)
    {
        _isOver = true;
        _woken.TrySetResult();
    }

    private async Task TakeOrWaitAsync()
    {
        if (!Items.Exists(static item => item.Take is not null)) return;
        foreach (var item in Items)
        {
            if (item is not { Take: not null, Target.Partition: { } partition }) continue;
            item.Leader = _partitions.Get(Session.Group, partition);
            item.IsNew = !item.Leader.IsLoaded;
        }

        if (await TryAsync(isOver: MaxWait <= 0).ConfigureAwait(false) || MaxWait <= 0) return;
        _isWaiting = true;
        foreach (var item in Items) Enter(item);
        _partitions.Parts.Delays.Schedule(_expiry, MaxWait);
        try
        {
            while (true)
            {
                // What comes from here on wakes it again: nothing is missed between the look and the wait.
                var woken = _woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var isOver = _isOver;
                if (await TryAsync(isOver).ConfigureAwait(false) || isOver) return;
                await woken.Task.ConfigureAwait(false);
            }
        }
        finally
        {
            _partitions.Parts.Delays.Cancel(_expiry);
            foreach (var item in Items) Leave(item);
        }
    }

    /// <returns>Whether there is enough to answer.</returns>
    private async ValueTask<bool> TryAsync(bool isOver)
    {
        if (MinBytes > 1 && !isOver && !await HasEnoughAsync().ConfigureAwait(false)) return false;
        var (bytes, records, waiting) = (MaxBytes, Limits.MaxRecords, false);
        var isFirst = true;
        foreach (var item in Items)
        {
            if (item is not { Take: { } take, Leader: { } leader }) continue;
            take.Clear();
            if (records <= 0 || (bytes <= 0 && !isFirst)) continue;
            take.Limits = Limits with { MaxRecords = records };
            take.MaxBytes = bytes;
            take.IsFirst = isFirst;
            await leader.TakeAsync(take).ConfigureAwait(false);
            // Its group had no session for a moment.
            if (take.IsOfGone && !_isWaiting) await (item.Leader = _partitions.Get(Session.Group, item.Target.Partition!)).TakeAsync(take).ConfigureAwait(false);
            waiting |= take.Fault is null;
            if (take.Records is not { } found) continue;
            isFirst = false;
            bytes -= found.Slice.Length;
            records = (int)Math.Max(0, records - take.Count);
            _sessions.MoveToEnd(Session, item.TopicId, item.Number);
            // The states of partitions come one by one with Kafka, which answers with the first: clients count on that.
            if (item.IsNew) break;
        }

        return !isFirst || !waiting;
    }

    /// <summary>What is taken cannot be put back: it is measured before.</summary>
    private async ValueTask<bool> HasEnoughAsync()
    {
        var bytes = 0L;
        foreach (var item in Items)
        {
            if (item is { Take: not null, Leader: { } leader }) bytes += await leader.MeasureAsync(MaxBytes).ConfigureAwait(false);
            if (bytes >= Math.Min(MinBytes, MaxBytes)) return true;
        }

        return false;
    }

    private void Enter(ShareFetchItem item)
    {
        if (item.Leader is not { } leader) return;
        leader.Waits.Add(_news);
        item.Target.Partition!.Fetches.Add(_news);
    }

    private void Leave(ShareFetchItem item)
    {
        if (item.Leader is not { } leader) return;
        leader.Waits.Remove(_news);
        item.Target.Partition!.Fetches.Remove(_news);
    }

    private void GiveBack(ShareFetchItem item)
    {
        if (item is not { Take: { Records: not null } take, Leader: { } leader }) return;
        // The member may be there again, by another connection, and have others.
        var ranges = new List<AcknowledgedRange>(take.Ranges.Count);
        foreach (var range in take.Ranges) ranges.Add(new AcknowledgedRange(range.First, range.Last, [(sbyte)AcknowledgementType.Release]));
        take.Clear();
        _ = leader.AcknowledgeAsync(Session.Member, ranges);
    }

    private sealed class Expiry(ShareFetchWork work) : Delay
    {
        public override void Elapsed()
        {
            work._isOver = true;
            work._woken.TrySetResult();
        }
    }

    private sealed class News(ShareFetchWork work) : FetchWait
    {
        public override void Wake() => work._woken.TrySetResult();
    }
}
