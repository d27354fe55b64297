using Moldau.Client.Connections;
using Moldau.Client.Consuming;
using Moldau.Client.Groups;
using Moldau.Client.Serdes;
using Moldau.Protocol.Errors;

namespace Moldau.Client.Sharing;

/// <summary>What is below every face of a share consumer: the member, the lanes to the brokers, and the way out.</summary>
internal sealed class ShareEngine : IAsyncDisposable
{
    // Of the time there is for closing: the rest is for leaving the group.
    private const double EndingShare = 0.7;

    private readonly ClientCore _core;
    private readonly GroupMembership _membership;
    private readonly ShareFetcher _fetcher;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private volatile string _member = "";
    private (AcquiredBatch Batch, int First, int Next)? _unfinished;
    private bool _isRead;
    private bool _isBegun;
    private Task? _end;

    public ShareEngine(ClientCore core, ShareConsumerOptions options)
    {
        options.Check();
        (_core, Options) = (core, options);
        Closing = new HandlersTime(core.Options);
        Table = new ShareTable(options, core.Options, core.BackOff);
        _fetcher = new ShareFetcher(core, options, Table, () => _member);
        _membership = new GroupMembership(
            core, options.GroupId, new GroupOptions { Rack = options.RackId }, GroupSubscription.Of(options.Topics),
            new GroupHooks(AssignAsync, RevokeAsync, lost => RevokeAsync(lost, CancellationToken.None)), static () => null, isShare: true);
    }

    public ClientCore Core => _core;

    public ShareConsumerOptions Options { get; }

    public ShareTable Table { get; }

    /// <summary>The time that handlers at work have once the consumer closes.</summary>
    /// <remarks>Not disposed: who drains may look at it behind the end.</remarks>
    public HandlersTime Closing { get; }

    public GroupIdentity? Member => _membership.Current;

    /// <summary>One reads at a time; the first who does joins the group.</summary>
    public void BeginReading()
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, typeof(ShareConsumer<,>));
        lock (_gate)
        {
            if (_isRead) throw new InvalidOperationException("somebody reads from this share consumer already; a second reader is a second share consumer");
            _isRead = true;
            if (!_isBegun)
            {
                _isBegun = true;
                _fetcher.Start();
                _membership.Start();
                _ = TellAsync();
            }
        }

        AcceptUnfinished();
        Table.Read(true);
    }

    public void EndReading()
    {
        Table.Read(false);
        lock (_gate) _isRead = false;
    }

    /// <summary>The next batch of which something is to be given out; its reader releases it.</summary>
    /// <exception cref="KafkaException">Something cannot be read.</exception>
    public async ValueTask<AcquiredBatch> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, typeof(ShareConsumer<,>));
            if (Table.TryTake() is { } batch) return batch;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
            try
            {
                await Table.Ready.WaitAsync(null, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new ObjectDisposedException(typeof(ShareConsumer<,>).Name, "the share consumer was closed while somebody read from it");
            }
        }
    }

    /// <summary>A record that was given out, decoded; one that cannot be is acknowledged as the options say.</summary>
    /// <exception cref="SerdeException">It cannot be.</exception>
    public SharedRecord<TKey, TValue> Read<TKey, TValue>(RecordDecoder<TKey, TValue> decoder, AcquiredBatch batch, int place, int ready, SerdeException? failure)
    {
        try
        {
            var index = batch[place].Index;
            if (index >= ready) throw failure!;
            return new SharedRecord<TKey, TValue>(decoder.Read(batch.Batch, index), Table, batch, place);
        }
        catch (SerdeException)
        {
            Table.AcknowledgeIfGiven(batch, place, Options.Unreadable);
            throw;
        }
    }

    /// <summary>Reading stopped with records that were given out: they are accepted should it go on.</summary>
    public void LeaveUnfinished(AcquiredBatch batch, int first, int next) => _unfinished = (batch, first, next);

    /// <summary>Sends what is acknowledged, and waits for what brokers make of it.</summary>
    public async Task<IReadOnlyDictionary<TopicPartition, Outcome<long>>> CommitAsync(CancellationToken cancellation)
    {
        var ticket = Table.Commit();
        await ticket.Done.WaitAsync(cancellation).ConfigureAwait(false);
        return ticket.Outcomes;
    }

    /// <summary>Has brokers told what is left, gives back what is out and leaves the group, within <see cref="KafkaClientOptions.CloseTimeout"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        Task end;
        lock (_gate) end = _end ??= EndAsync();
        await end.ConfigureAwait(false);
    }

    private async Task EndAsync()
    {
        var clock = _core.Options.Clock;
        using var deadline = new CancellationTokenSource(_core.Options.CloseTimeout, clock);
        Closing.Begin(_core.Options.CloseTimeout * EndingShare);
        await _closing.CancelAsync().ConfigureAwait(false);
        try
        {
            using var patience = new CancellationTokenSource(_core.Options.CloseTimeout * EndingShare, clock);
            await _fetcher.EndAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A broker that says nothing finds out by itself, when the connection ends or the locks do.
        }

        await _membership.LeaveAsync(_core.Options.CloseTimeout * (1 - EndingShare)).ConfigureAwait(false);
        try
        {
            await _fetcher.DisposeAsync().AsTask().WaitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // What hangs is let go: it ends with its connections.
        }
    }

    private void AcceptUnfinished()
    {
        if (_unfinished is not { } left) return;
        _unfinished = null;
        if (!Options.AcceptsImplicitly) return;
        for (var place = left.First; place < left.Next; place++) Table.AcknowledgeIfGiven(left.Batch, place, Acknowledgement.Accept);
    }

    private async Task TellAsync()
    {
        try
        {
            await _membership.Completion.ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            Table.Fail(failure);
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            Table.Broken(bug);
        }
    }

    private Task AssignAsync(IReadOnlyList<TopicPartition> gained, CancellationToken cancellation)
    {
        // The same for as long as it lives.
        if (_membership.Current is { } member) _member = member.MemberId;
        Table.Assign(gained);
        return Task.CompletedTask;
    }

    private Task RevokeAsync(IReadOnlyList<TopicPartition> gone, CancellationToken cancellation)
    {
        Table.Remove(gone);
        return Task.CompletedTask;
    }
}
