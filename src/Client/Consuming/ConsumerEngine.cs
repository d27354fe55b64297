using Moldau.Client.Admin;
using Moldau.Client.Connections;
using Moldau.Client.Fetching;
using Moldau.Client.Metadata;
using Moldau.Client.Telemetry;

namespace Moldau.Client.Consuming;

/// <summary>
/// What is below every face of a consumer: batches in, watermarks out. One reads from it at a time; assignments, seeks and pauses
/// may come from anywhere.
/// </summary>
internal sealed class ConsumerEngine : IAsyncDisposable
{
    // The rest is for the fetcher's end.
    private const double LeavingShare = 0.8;

    private readonly ClientCore _core;
    private readonly TopicAdmin _topics;
    private readonly Fetcher _fetcher;
    private readonly CommitSchedule _commits;
    private readonly SpareBatches _spare = new();
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private FetchedPart? _reading;
    private OffsetPosition _passed;
    private (Watermark Given, long First)? _unfinished;
    private Dictionary<string, int>? _followed;
    private volatile bool _isRead;
    private volatile bool _isWaiting;
    private long _count;
    private FetchedBatch? _last;
    private KafkaException? _failure;
    private bool _isBegun;
    private Task? _end;

    public ConsumerEngine(ClientCore core, TopicAdmin topics, ConsumerOptions options)
    {
        options.Check();
        _core = core;
        _topics = topics;
        Options = options;
        Closing = new HandlersTime(core.Options);
        var table = new PartitionTable(options, core.Options, core.BackOff);
        Subscription = new Subscription(table);
        core.Figures.Label("client_rack", options.RackId);
        core.Figures.Label("group_id", options.GroupId);
        core.Figures.Label("group_instance_id", options.Group.InstanceId);
        Watch = core.Figures.Consuming.Begin(options.GroupId, Subscription, core.Spans);
        _fetcher = new Fetcher(core, options, table, () => Committed) { Looked = Follow };
        _commits = new CommitSchedule(Subscription, core.Options, options, () => Commit);
    }

    public ConsumerOptions Options { get; }

    public ClientCore Core => _core;

    public Subscription Subscription { get; }

    /// <summary>Counts what is given out.</summary>
    public ConsumerWatch Watch { get; }

    /// <summary>Commits to the group; null where there is none. Whoever joins one sets it before anything is assigned.</summary>
    public CommitOffsets? Commit { get; set; }

    /// <summary>Asks the group what was committed; null where there is none.</summary>
    public CommittedOffsets? Committed { get; set; }

    /// <summary>Joins the group, when somebody first reads.</summary>
    public Action? Join { get; set; }

    /// <summary>How long a member that holds nothing waits for something until that is the end; null while there is more to wait for.</summary>
    public Func<TimeSpan?>? StaysEmptyIn { get; set; }

    /// <summary>Told whenever a reader comes for more and has to wait.</summary>
    public Action? Waits { get; set; }

    /// <summary>Leaves the group, within the time given.</summary>
    public Func<TimeSpan, Task>? Leaves { get; set; }

    /// <summary>The time that handlers at work have once the consumer closes.</summary>
    /// <remarks>Not disposed: who drains may look at it behind the end.</remarks>
    public HandlersTime Closing { get; }

    /// <summary>Told that nothing more of these is to be begun.</summary>
    public Action<IReadOnlyCollection<TopicPartition>>? GivesUp { get; set; }

    /// <summary>Told that handlers of these are to stop.</summary>
    public Action<IReadOnlyCollection<TopicPartition>>? Stops { get; set; }

    /// <summary>Another number whenever the reader has got on; null while he waits for records.</summary>
    public long? Progress => _isWaiting ? null : Volatile.Read(ref _count) + (_last?.Seen ?? 0);

    /// <summary>The group gives these: they are placed behind what was committed, and read.</summary>
    /// <param name="gained">Which.</param>
    /// <param name="isBusy">Whether nothing of them is given out before <see cref="Subscription.Hold"/> says so.</param>
    public Task AssignAsync(IReadOnlyCollection<TopicPartition> gained, bool isBusy = false)
    {
        var starts = new Dictionary<TopicPartition, StartPosition>();
        foreach (var where in gained) starts[where] = Options.Start;
        Begin(starts, isBusy);
        return Task.CompletedTask;
    }

    /// <summary>
    /// The group wants these back: nothing of them is given out any more, what is under way may be done until the deadline, and what
    /// is done is committed. Then they are another's.
    /// </summary>
    public Task RevokeAsync(IReadOnlyCollection<TopicPartition> given, CancellationToken deadline) => RevokeAsync(given, null, deadline, deadline, deadline);

    /// <summary>The same, in steps.</summary>
    /// <param name="given">Which.</param>
    /// <param name="before">Called before the commit.</param>
    /// <param name="over">When what is under way is to stop.</param>
    /// <param name="left">When to wait no longer for it.</param>
    /// <param name="deadline">When to wait for nothing any more.</param>
    public async Task RevokeAsync(IReadOnlyCollection<TopicPartition> given, Func<Task>? before, CancellationToken over, CancellationToken left, CancellationToken deadline)
    {
        Subscription.Leave(given);
        GivesUp?.Invoke(given);
        // Who stopped reading in the middle and closes never comes back for the next.
        if (_closing.IsCancellationRequested && !_isRead && _unfinished is { } open) Subscription.Abandon(open.Given, open.First);
        try
        {
            try
            {
                await using var stop = over.Register(() => Stops?.Invoke(given));
                await _commits.SettleAsync(given, left).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!deadline.IsCancellationRequested)
            {
                // What is done up to now is committed all the same.
            }

            if (before is not null) await before().ConfigureAwait(false);
            await _commits.RunOnceAsync(given, deadline).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // What was not done in time is done again by whoever has them next.
        }
        finally
        {
            Subscription.Remove(given);
        }
    }

    /// <summary>The group gave these to somebody else already: nothing is committed of them.</summary>
    public Task LoseAsync(IReadOnlyCollection<TopicPartition> lost)
    {
        lock (_gate) _followed = null;
        Subscription.Remove(lost);
        GivesUp?.Invoke(lost);
        return Task.CompletedTask;
    }

    /// <summary>Reads these from now on, besides what is read already.</summary>
    public void Begin(IReadOnlyDictionary<TopicPartition, StartPosition> starts, bool isBusy = false)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, typeof(Consumer<,>));
        _isBegun = true;
        lock (_gate)
        {
            // Whoever says himself what is read is given nothing else.
            _followed = null;
            Subscription.Add(starts, isBusy);
        }

        _fetcher.Start();
        _commits.Start();
    }

    /// <summary>Commits what is done.</summary>
    public Task CommitAsync(CancellationToken cancellation, CommitOffsets? with = null) => _commits.RunOnceAsync(null, cancellation, with);

    /// <summary>Nothing can be read any more; whoever reads is told why.</summary>
    public void Fail(KafkaException failure)
    {
        Volatile.Write(ref _failure, failure);
        Subscription.Ready.Ring();
    }

    /// <summary>One reader at a time: two would each get a part, and neither would know.</summary>
    /// <exception cref="InvalidOperationException">Somebody reads.</exception>
    public void BeginReading()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, typeof(Consumer<,>));
            if (_isRead) throw new InvalidOperationException("somebody reads from this consumer already; make another consumer, or read what comes in one place and hand it on");
            _isRead = true;
        }
    }

    public void EndReading()
    {
        lock (_gate) _isRead = false;
    }

    /// <summary>The next batch, where it is there already; what is not there may come with <see cref="NextAsync"/>.</summary>
    /// <param name="inOrder">Whether the one before is done before the next is asked for.</param>
    /// <exception cref="KafkaException">Something cannot be read.</exception>
    public FetchedBatch? TryNext(bool inOrder = true)
    {
        if (_unfinished is { } before)
        {
            Subscription.Complete(before.Given, before.First);
            _unfinished = null;
        }

        if (Volatile.Read(ref _failure) is { } end) throw new KafkaException(end.Code, end.Message, null, end) { IsTransient = false, IsFatal = true };
        if (Subscription.TakeFailure() is { } failure) throw failure;
        while (true)
        {
            if (_reading is not null && !Subscription.KeepsReading(_reading)) _reading = null;
            if (_reading is null)
            {
                _reading = Subscription.Take();
                if (_reading is null) return null;
                _passed = new OffsetPosition(_reading.From);
            }

            var part = _reading;
            var at = part.Read;
            var batch = _spare.Rent();
            if (!TryDecode(part, batch))
            {
                Return(batch);
                _reading = null;
                Subscription.Passed(part, _passed);
            }
            else if (Subscription.Deliver(part, batch, inOrder))
            {
                // Only ever more: the last batch's records are counted in.
                Volatile.Write(ref _count, _count + 1 + (_last?.Seen ?? 0));
                _last = batch;
                Watch.Gives(batch);
                return batch;
            }
            else
            {
                // Paused or sought elsewhere since it was looked at.
                part.Read = at;
                Return(batch);
            }
        }
    }

    /// <summary>The next batch; null where everything was read that was to be.</summary>
    /// <exception cref="KafkaException">Something cannot be read.</exception>
    public async ValueTask<FetchedBatch?> NextAsync(CancellationToken cancellation, bool inOrder = true)
    {
        if (!_isBegun) await BeginTopicsAsync(cancellation).ConfigureAwait(false);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, typeof(Consumer<,>));
            if (TryNext(inOrder) is { } batch) return batch;
            TimeSpan? patience = null;
            if (Subscription.IsFinished)
            {
                // A member that holds nothing may be given something yet.
                if (StaysEmptyIn is not { } stays || Subscription.HasAny) return null;
                patience = stays();
                if (patience <= TimeSpan.Zero) return null;
            }

            _isWaiting = true;
            var since = Watch.Waits();
            Waits?.Invoke();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
            try
            {
                await Subscription.Ready.WaitAsync(patience, either.Token).ConfigureAwait(false);
                _isWaiting = false;
                Watch.Waited(since);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw Closed();
            }
        }
    }

    /// <summary>A batch was read to its end and is done.</summary>
    public void Finish(FetchedBatch batch)
    {
        Subscription.Close(batch);
        if (batch.Given is { } given) Subscription.Complete(given, batch.First);
        Return(batch);
    }

    /// <summary>
    /// A batch is read no further: what was not given out comes again, and what was given out and is not done is when somebody
    /// asks for the next.
    /// </summary>
    public void Leave(FetchedBatch batch, int done)
    {
        var given = batch.Given;
        var unfinished = Subscription.Leave(batch, done);
        if (unfinished >= 0) _unfinished = (given!, unfinished);
        Return(batch);
    }

    /// <summary>Its bytes are read no more.</summary>
    public void Return(FetchedBatch batch) => _spare.Return(batch);

    /// <summary>Ends reading, commits what is done and closes the connections, within <see cref="KafkaClientOptions.CloseTimeout"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        Task end;
        lock (_gate) end = _end ??= EndAsync();
        await end.ConfigureAwait(false);
    }

    private async Task EndAsync()
    {
        using var deadline = new CancellationTokenSource(_core.Options.CloseTimeout, _core.Options.Clock);
        Closing.Begin(_core.Options.CloseTimeout * LeavingShare);
        await _closing.CancelAsync().ConfigureAwait(false);
        _core.Figures.Consuming.End(Watch);
        if (Leaves is { } leave) await leave(_core.Options.CloseTimeout * LeavingShare).ConfigureAwait(false);
        try
        {
            await _commits.EndAsync(deadline.Token).WaitAsync(deadline.Token).ConfigureAwait(false);
            _commits.Dispose();
            await _fetcher.DisposeAsync().AsTask().WaitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // What hangs is let go: it ends with its connections.
        }
    }

    private static ObjectDisposedException Closed() => new(nameof(Consumer<,>), "the consumer was closed while somebody read from it");

    private bool TryDecode(FetchedPart part, FetchedBatch batch)
    {
        try
        {
            return BatchDecoder.TryNext(part, batch, Subscription.EndOf(part.State), Options.BatchBytes, ref _passed);
        }
        catch (KafkaException)
        {
            Return(batch);
            _reading = null;
            Subscription.Drop(part);
            throw;
        }
    }

    /// <summary>Without a group and without partitions named: all there are of the topics.</summary>
    private async Task BeginTopicsAsync(CancellationToken cancellation)
    {
        if (Join is { } join)
        {
            _isBegun = true;
            join();
            return;
        }

        if (_isBegun) return;
        if (Options.Topics.Count == 0) throw new InvalidOperationException("nothing says what to read: name Topics in the options, or call AssignAsync");
        var starts = new Dictionary<TopicPartition, StartPosition>();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
        try
        {
            foreach (var topic in await _topics.DescribeAsync(Options.Topics, either.Token).ConfigureAwait(false))
            {
                foreach (var partition in topic.Get().Partitions) starts[new TopicPartition(topic.Item, partition.Partition)] = Options.Start;
            }
        }
        catch (Exception over) when (_closing.IsCancellationRequested && !cancellation.IsCancellationRequested && over is OperationCanceledException or KafkaException)
        {
            throw Closed();
        }

        Begin(starts);
        if (Options.StopAtEnd) return;
        var followed = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var where in starts.Keys) followed[where.Topic] = Math.Max(followed.GetValueOrDefault(where.Topic), where.Partition + 1);
        lock (_gate) _followed = followed;
    }

    /// <summary>Partitions that came later are read too, from their beginning: what is in them was written since.</summary>
    private void Follow(ClusterSnapshot cluster)
    {
        lock (_gate)
        {
            if (_followed is null || _closing.IsCancellationRequested) return;
            var starts = new Dictionary<TopicPartition, StartPosition>();
            foreach (var topic in Options.Topics)
            {
                if (!cluster.Topics.TryGetValue(topic, out var info)) continue;
                for (; _followed.GetValueOrDefault(topic) < info.Partitions.Count; _followed[topic]++) starts[new TopicPartition(topic, _followed[topic])] = StartPosition.Beginning;
            }

            if (starts.Count > 0) Subscription.Add(starts);
        }
    }
}
