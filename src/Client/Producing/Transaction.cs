using Moldau.Client.Groups;
using Moldau.Client.Producing.Transactions;
using Moldau.Protocol.Errors;

namespace Moldau.Client.Producing;

/// <summary>
/// An open transaction: what its producer writes meanwhile, and offsets that are given to it, become visible together or not at all. Leaving it
/// without a commit aborts it.
/// </summary>
public sealed class Transaction : IAsyncDisposable
{
    private readonly TransactionSession _session;
    private readonly Func<Task> _flush;
    private readonly KafkaClientOptions _options;
    private bool _isOver;

    internal Transaction(TransactionSession session, Func<Task> flush, KafkaClientOptions options) => (_session, _flush, _options) = (session, flush, options);

    /// <summary>Commits a group's offsets with it.</summary>
    /// <param name="group">Who consumes, so that a member that is out is refused.</param>
    /// <param name="offsets">Of the records to be read next.</param>
    /// <param name="cancellation">Gives up waiting; the transaction can then only be aborted.</param>
    /// <exception cref="KafkaException">They were refused: the transaction can only be aborted.</exception>
    public Task SendOffsetsAsync(GroupIdentity group, IReadOnlyDictionary<TopicPartition, OffsetPosition> offsets, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(offsets);
        return _session.SendOffsetsAsync(group, offsets, cancellation);
    }

    /// <summary>Makes it all visible.</summary>
    /// <exception cref="ProducerFencedException">Another producer has taken the transactional id over.</exception>
    /// <exception cref="KafkaException">
    /// Something of it was lost, and it can only be aborted; or, where it is transient, nobody knows whether it was committed: committing again
    /// finds out.
    /// </exception>
    public async Task CommitAsync(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_isOver, this);
        await _flush().WaitAsync(cancellation).ConfigureAwait(false);
        _session.BeginEnd(commits: true);
        await _session.EndAsync(commits: true, cancellation).ConfigureAwait(false);
        _isOver = true;
    }

    /// <summary>Undoes it all.</summary>
    /// <exception cref="KafkaException">The coordinator could not be told; it aborts it when its time is over, or when the next begins.</exception>
    public async Task AbortAsync(CancellationToken cancellation = default)
    {
        if (_isOver) return;
        _isOver = true;
        if (_session.IsEnding)
        {
            // Its commit was not answered: telling the coordinator the contrary now might only show that it had happened.
            _session.Doubt();
            throw new KafkaException(ErrorCode.RequestTimedOut, "whether it was committed is unknown; the next transaction settles it") { IsTransient = false };
        }

        try
        {
            _session.BeginEnd(commits: false);
            await _flush().WaitAsync(cancellation).ConfigureAwait(false);
            await _session.EndAsync(commits: false, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is KafkaException or OperationCanceledException)
        {
            _session.Doubt();
            throw;
        }
    }

    /// <summary>Aborts it where it was not committed, within <see cref="KafkaClientOptions.CloseTimeout"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(_options.CloseTimeout, _options.Clock);
        try
        {
            await AbortAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is KafkaException or OperationCanceledException)
        {
            // What disposes it is on its way out already, mostly with an exception of its own; the coordinator ends it in time.
        }
    }
}
