using System.Runtime.CompilerServices;
using Moldau.Client.Fetching;
using Moldau.Client.Groups;
using Moldau.Client.Handling;
using Moldau.Client.Serdes;

namespace Moldau.Client.Consuming;

/// <summary>
/// Reads records, one by one or a batch at a time. One reads from it at a time; seeks, pauses and assignments may come from
/// anywhere, and nothing of an old place is given out once such a call is over.
/// <para>A record is done when the next is asked for, not when it is given out; what is done is committed, where there is a group.</para>
/// </summary>
/// <typeparam name="TKey">What keys are read as.</typeparam>
/// <typeparam name="TValue">What values are read as.</typeparam>
public sealed class Consumer<TKey, TValue> : IAsyncDisposable
{
    private readonly ConsumerEngine _engine;
    private readonly GroupConsumer? _group;
    private readonly RecordDecoder<TKey, TValue> _decoder;

    internal Consumer(ConsumerEngine engine, ISerde<TKey> keys, ISerde<TValue> values, GroupConsumer? group = null)
    {
        _engine = engine;
        _group = group;
        _decoder = new RecordDecoder<TKey, TValue>(keys, values);
    }

    /// <summary>What it reads now.</summary>
    public IReadOnlyList<TopicPartition> Assignment => _engine.Subscription.Partitions();

    /// <summary>
    /// Every record, in the order of its partition. It ends where <see cref="ConsumerOptions.StopAtEnd"/> says so, and otherwise never.
    /// Whoever leaves the loop and reads again goes on behind the record he was given last.
    /// </summary>
    /// <exception cref="SerdeException">A record cannot be read as these types. Reading again meets it again, until <see cref="SkipAsync"/> or a seek passes it over.</exception>
    /// <exception cref="KafkaException">A partition cannot be read; reading again tries again.</exception>
    public async IAsyncEnumerable<Record<TKey, TValue>> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        _engine.BeginReading();
        FetchedBatch? batch = null;
        var done = 0;
        try
        {
            while (true)
            {
                var asked = _engine.Watch.Polls();
                batch = _engine.TryNext() ?? await _engine.NextAsync(cancellation).ConfigureAwait(false);
                if (batch is null) yield break;
                _engine.Watch.Polled(batch, asked);
                // Whatever happens before a record is given out, none of it was.
                done = 0;
                var (ready, failure) = _decoder.NeedsPreparing ? await _decoder.PrepareAsync(batch, cancellation).ConfigureAwait(false) : (batch.Count, null);
                for (; done < batch.Count && batch.IsWanted; done++)
                {
                    if (done == ready) throw failure!;
                    cancellation.ThrowIfCancellationRequested();
                    var record = _decoder.Read(batch, done);
                    batch.Seen = done + 1;
                    yield return record;
                }

                var read = batch;
                batch = null;
                if (done == read.Count) _engine.Finish(read);
                else _engine.Leave(read, done);
            }
        }
        finally
        {
            if (batch is not null) _engine.Leave(batch, done);
            _engine.EndReading();
        }
    }

    /// <summary>
    /// Batches as they were written. Each is done when it is acknowledged or the next is asked for, and valid until then; it is the
    /// same object each time.
    /// </summary>
    /// <exception cref="KafkaException">A partition cannot be read; reading again tries again.</exception>
    public async IAsyncEnumerable<Batch<TKey, TValue>> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        _engine.BeginReading();
        FetchedBatch? batch = null;
        Batch<TKey, TValue>? shown = null;
        try
        {
            while (true)
            {
                var asked = _engine.Watch.Polls();
                batch = _engine.TryNext(inOrder: false) ?? await _engine.NextAsync(cancellation, inOrder: false).ConfigureAwait(false);
                if (batch is null) yield break;
                _engine.Watch.Polled(batch, asked);
                var (ready, failure) = _decoder.NeedsPreparing ? await _decoder.PrepareAsync(batch, cancellation).ConfigureAwait(false) : (batch.Count, null);
                shown ??= new Batch<TKey, TValue>(_decoder, _engine);
                shown.Use(batch, ready, failure);
                batch.Seen = batch.Count;
                yield return shown;
                var read = batch;
                batch = null;
                shown.GiveBack();
                _engine.Finish(read);
            }
        }
        finally
        {
            if (batch is not null)
            {
                // Left behind a record that could not be read, it comes again from there.
                if (shown is { Broken: >= 0, IsAcknowledged: false }) batch.Seen = shown.Broken;
                var isDone = shown is { IsAcknowledged: true };
                shown?.GiveBack();
                _engine.Leave(batch, isDone ? batch.Seen : 0);
            }

            _engine.EndReading();
        }
    }

    /// <summary>
    /// Hands records to a handler, many at a time, in the order that the options name. A record is done when its handler has ended;
    /// what is done without a gap is committed, where there is a group. What a record's headers show is valid until its handler ends.
    /// <para>It returns when the token is cancelled and the handlers at work have ended, or their time is over; and where
    /// <see cref="ConsumerOptions.StopAtEnd"/> says so, at the end. What was not done then comes again.</para>
    /// </summary>
    /// <param name="handler">Its token is cancelled when it is waited for no longer.</param>
    /// <param name="options">In which order, how many, and what becomes of one that fails.</param>
    /// <param name="cancellation">Asks for the end; that is no failure.</param>
    /// <exception cref="HandlerException">A handler failed for good, and the options say to stop then.</exception>
    /// <exception cref="KafkaException">Something cannot be read and never will be.</exception>
    public async Task RunAsync(Func<Record<TKey, TValue>, CancellationToken, ValueTask> handler, HandlerOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        await using var loop = new HandlerLoop<TKey, TValue>(_engine, _decoder, handler, options ?? new HandlerOptions());
        if (_group is not null) _group.Handling = () => loop.Progress;
        try
        {
            await loop.RunAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            if (_group is not null) _group.Handling = null;
        }
    }

    /// <summary>Reads these partitions and no others: those it reads already go on where they are.</summary>
    public Task AssignAsync(params IReadOnlyCollection<TopicPartition> partitions)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        var own = new HashSet<TopicPartition>(_engine.Subscription.Partitions());
        var starts = new Dictionary<TopicPartition, StartPosition>();
        foreach (var where in partitions)
        {
            if (!own.Remove(where)) starts[where] = StartPosition.Committed;
        }

        return AssignAsync(own, starts);
    }

    /// <summary>Reads these partitions from these places on, and no others.</summary>
    public Task AssignAsync(IReadOnlyDictionary<TopicPartition, StartPosition> positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        var own = new HashSet<TopicPartition>(_engine.Subscription.Partitions());
        own.ExceptWith(positions.Keys);
        return AssignAsync(own, positions);
    }

    /// <summary>Reads nothing any more. What is done is committed, where there is a group; what is under way then is not.</summary>
    public async Task UnassignAsync(CancellationToken cancellation = default)
    {
        var partitions = _engine.Subscription.Partitions();
        await _engine.CommitAsync(cancellation).ConfigureAwait(false);
        await _engine.LoseAsync(partitions).ConfigureAwait(false);
    }

    /// <summary>Goes on there: an offset, the beginning, the end, a time. What was fetched of the old place is thrown away, unseen.</summary>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    public Task SeekAsync(TopicPartition where, StartPosition position)
    {
        _engine.Subscription.Seek(where, position);
        return Task.CompletedTask;
    }

    /// <summary>Passes a record over, and goes on behind it.</summary>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    public Task SkipAsync(TopicPartition where, long offset) => SeekAsync(where, StartPosition.Offset(offset + 1));

    /// <summary>Gives nothing of these out until <see cref="Resume"/>; they stay assigned.</summary>
    public void Pause(params IReadOnlyCollection<TopicPartition> partitions) => _engine.Subscription.Pause(partitions, isPaused: true);

    public void Resume(params IReadOnlyCollection<TopicPartition> partitions) => _engine.Subscription.Pause(partitions, isPaused: false);

    /// <summary>The offset that is given out next; null while it is being found out.</summary>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    public long? Position(TopicPartition where) => _engine.Subscription.PositionOf(where);

    /// <summary>The member, as the group's coordinator knows it now: what a transaction that commits offsets names. Null outside a group, and while there is none.</summary>
    public GroupIdentity? Group => _group?.Current;

    /// <summary>Commits what is done, and nothing else, at once.</summary>
    /// <returns>What was stored, and why something was not: a partition may be another's by now, which is no failure.</returns>
    /// <exception cref="InvalidOperationException">There is no group.</exception>
    /// <exception cref="KafkaException">The coordinator cannot be asked.</exception>
    public async Task<IReadOnlyDictionary<TopicPartition, Outcome<OffsetPosition>>> CommitAsync(CancellationToken cancellation = default)
    {
        var group = _group ?? throw new InvalidOperationException("without a GroupId in the options there is nothing to commit to");
        return await group.CommitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends reading, commits what is done and closes its connections, within <see cref="KafkaClientOptions.CloseTimeout"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync().ConfigureAwait(false);
        if (_group is not null) await _group.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AssignAsync(HashSet<TopicPartition> ended, IReadOnlyDictionary<TopicPartition, StartPosition> starts)
    {
        if (_group is { IsMember: true }) throw new InvalidOperationException("the group assigns what is read of the topics named in the options; leave Topics out to assign by hand");
        if (ended.Count > 0) await _engine.LoseAsync(ended).ConfigureAwait(false);
        _engine.Begin(starts);
    }
}
