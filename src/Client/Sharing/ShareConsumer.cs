using System.Runtime.CompilerServices;
using Moldau.Client.Consuming;
using Moldau.Client.Groups;
using Moldau.Client.Handling;
using Moldau.Client.Serdes;

namespace Moldau.Client.Sharing;

/// <summary>
/// Reads in a share group (KIP-932): its members have the records of its topics between them, one by one, whatever partition they are in.
/// Each record is this consumer's alone until it says what becomes of it, or until its lock ends: then it comes to somebody again. One
/// reads from it at a time; records may be acknowledged from anywhere.
/// </summary>
/// <typeparam name="TKey">What keys are read as.</typeparam>
/// <typeparam name="TValue">What values are read as.</typeparam>
public sealed class ShareConsumer<TKey, TValue> : IAsyncDisposable
{
    private readonly ShareEngine _engine;
    private readonly RecordDecoder<TKey, TValue> _decoder;

    internal ShareConsumer(ShareEngine engine, ISerde<TKey> keys, ISerde<TValue> values)
    {
        _engine = engine;
        _decoder = new RecordDecoder<TKey, TValue>(keys, values, $"it was acknowledged with {engine.Options.Unreadable}, as ShareConsumerOptions.Unreadable says");
    }

    /// <summary>The partitions it may be given records of; others may, too.</summary>
    public IReadOnlyList<TopicPartition> Assignment => _engine.Table.Partitions();

    /// <summary>The member, as the group's coordinator knows it now; null while there is none.</summary>
    public GroupIdentity? Group => _engine.Member;

    /// <summary>How long a record is this consumer's alone, as the brokers say; null before one has.</summary>
    public TimeSpan? LockTime => _engine.Table.LockTime;

    /// <summary>
    /// Every record that this consumer is given, one by one; it never ends. Where <see cref="ShareConsumerOptions.AcceptsImplicitly"/>
    /// says so, a record of which nothing was said is accepted when the next is asked for.
    /// </summary>
    /// <exception cref="SerdeException">A record cannot be read as these types; reading again goes on behind it.</exception>
    /// <exception cref="KafkaException">Something cannot be read; reading again tries again, unless it is fatal.</exception>
    public async IAsyncEnumerable<SharedRecord<TKey, TValue>> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        _engine.BeginReading();
        AcquiredBatch? batch = null;
        var given = -1;
        try
        {
            while (true)
            {
                batch = await _engine.NextAsync(cancellation).ConfigureAwait(false);
                var (ready, failure) = await PrepareAsync(batch, cancellation).ConfigureAwait(false);
                while ((given = _engine.Table.Give(batch)) >= 0)
                {
                    yield return _engine.Read(_decoder, batch, given, ready, failure);
                    if (_engine.Options.AcceptsImplicitly) _engine.Table.AcknowledgeIfGiven(batch, given, Acknowledgement.Accept);
                    given = -1;
                    cancellation.ThrowIfCancellationRequested();
                }

                var read = batch;
                batch = null;
                _engine.Table.Done(read);
            }
        }
        finally
        {
            if (batch is not null)
            {
                if (given >= 0) _engine.LeaveUnfinished(batch, given, given + 1);
                _engine.Table.PutBack(batch);
            }

            _engine.EndReading();
        }
    }

    /// <summary>
    /// The same, by batches as they were written: what this consumer was given of each. It is the same object each time, and valid until
    /// the next is asked for.
    /// </summary>
    /// <exception cref="KafkaException">Something cannot be read; reading again tries again, unless it is fatal.</exception>
    public async IAsyncEnumerable<SharedBatch<TKey, TValue>> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        _engine.BeginReading();
        AcquiredBatch? batch = null;
        var shown = new SharedBatch<TKey, TValue>(_decoder, _engine);
        try
        {
            while (true)
            {
                batch = await _engine.NextAsync(cancellation).ConfigureAwait(false);
                var (ready, failure) = await PrepareAsync(batch, cancellation).ConfigureAwait(false);
                shown.Use(batch, ready, failure);
                if (shown.Count > 0)
                {
                    yield return shown;
                    if (_engine.Options.AcceptsImplicitly) shown.Acknowledge(Acknowledgement.Accept);
                }

                var read = batch;
                batch = null;
                shown.GiveBack();
                _engine.Table.Done(read);
            }
        }
        finally
        {
            if (batch is not null)
            {
                shown.ReleaseBehindBroken();
                shown.GiveBack();
                _engine.LeaveUnfinished(batch, 0, batch.Count);
                _engine.Table.PutBack(batch);
            }

            _engine.EndReading();
        }
    }

    /// <summary>
    /// Hands records to a handler, many at a time. A record is accepted when its handler has ended without having said something else
    /// of it; of one that failed the options say what becomes. What its headers show is valid until then.
    /// <para>It returns when the token is cancelled and the handlers at work have ended, or their time is over: what they had is released.</para>
    /// </summary>
    /// <param name="handler">Its token is cancelled when it is waited for no longer.</param>
    /// <param name="options">How many, and what becomes of one that fails.</param>
    /// <param name="cancellation">Asks for the end; that is no failure.</param>
    /// <exception cref="HandlerException">A handler failed for good, and the options say to stop then.</exception>
    /// <exception cref="KafkaException">Something cannot be read and never will be.</exception>
    public async Task RunAsync(Func<SharedRecord<TKey, TValue>, CancellationToken, ValueTask> handler, ShareHandlerOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        await using var loop = new ShareHandlerLoop<TKey, TValue>(_engine, _decoder, handler, options ?? new ShareHandlerOptions());
        await loop.RunAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends what was acknowledged at once, and waits for the brokers' answers.</summary>
    /// <returns>
    /// Of each partition that something was under way of: how many records were acknowledged, or why none was. What was answered before is
    /// told by <see cref="ShareConsumerOptions.OnAcknowledged"/> alone.
    /// </returns>
    public Task<IReadOnlyDictionary<TopicPartition, Outcome<long>>> CommitAsync(CancellationToken cancellation = default) => _engine.CommitAsync(cancellation);

    /// <summary>
    /// Ends reading, sends what was acknowledged, gives back what was not, and leaves the group, within
    /// <see cref="KafkaClientOptions.CloseTimeout"/>.
    /// </summary>
    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private async ValueTask<(int Ready, SerdeException? Failure)> PrepareAsync(AcquiredBatch batch, CancellationToken cancellation) =>
        _decoder.NeedsPreparing ? await _decoder.PrepareAsync(batch.Batch, cancellation).ConfigureAwait(false) : (int.MaxValue, null);
}
