using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata.Image;

/// <summary>
/// Keeps the image what the store is: reads all once, then takes in what the watch tells, and reads anew where that has
/// forgotten something. One loop does it; everybody else only looks.
/// </summary>
public sealed class MetadataFollower
{
    private readonly IMetadataStore _store;
    private readonly Lock _sync = new();
    private readonly List<Action<MetadataUpdate>> _subscribers = [];
    private readonly PriorityQueue<TaskCompletionSource<MetadataImage>, long> _waiting = new();
    private MetadataImage _current;
    private Exception? _end;

    private MetadataFollower(IMetadataStore store, MetadataImage first)
    {
        _store = store;
        _current = first;
    }

    /// <summary>The newest image. Whoever answers a request takes it once.</summary>
    public MetadataImage Current => Volatile.Read(ref _current);

    /// <exception cref="MetadataRecordException">A record cannot be read, or the store was imported only in part.</exception>
    public static async Task<MetadataFollower> StartAsync(IMetadataStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return new MetadataFollower(store, await ReadAsync(store).ConfigureAwait(false));
    }

    /// <summary>
    /// From now on the subscriber is told every update, in order, and before those who wait for its revision go on. It must
    /// not wait, and a fault of its own ends the following: who missed something would never know.
    /// </summary>
    /// <returns>The image that the first update it is told begins with.</returns>
    public MetadataImage Subscribe(Action<MetadataUpdate> subscriber)
    {
        lock (_sync)
        {
            _subscribers.Add(subscriber);
            return _current;
        }
    }

    /// <summary>Follows the store until cancelled.</summary>
    /// <exception cref="MetadataRecordException">A record cannot be read; the image stays what it was.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                try
                {
                    await foreach (var changes in _store.WatchAsync("", Current.Revision, cancellation).WithCancellation(cancellation).ConfigureAwait(false))
                        Publish(Current.After(changes));
                }
                catch (FactCompactedException)
                {
                    var read = await ReadAsync(_store).ConfigureAwait(false);
                    if (read.Revision < Current.Revision)
                        throw new InvalidOperationException($"the metadata store is at revision {read.Revision}, it was at {Current.Revision}: what it held was lost; restore it, and restart the nodes");
                    Publish(ImageDifference.Between(Current, read, TouchedKeys.Of(Current, read)));
                }
            }
        }
        catch (Exception fault)
        {
            End(fault);
            throw;
        }
    }

    /// <summary>An image that shows what this revision did: for who has changed something and must see it.</summary>
    /// <exception cref="InvalidOperationException">Nobody follows the store any more.</exception>
    public Task<MetadataImage> WaitForAsync(long revision, CancellationToken cancellation = default)
    {
        lock (_sync)
        {
            if (_current.Revision >= revision) return Task.FromResult(_current);
            if (_end is not null) return Task.FromException<MetadataImage>(Ended(revision));
            var waiting = new TaskCompletionSource<MetadataImage>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(waiting, revision);
            return waiting.Task.WaitAsync(cancellation);
        }
    }

    private static async Task<MetadataImage> ReadAsync(IMetadataStore store)
    {
        var all = await store.ListAsync("").ConfigureAwait(false);
        var image = MetadataImage.Of(all);
        return image.Cluster is not null || all.Entries.Count == 0 ? image
            : throw new MetadataRecordException(MetadataRecordFault.Damaged, MetadataKeys.Cluster, all.Revision,
                $"it is missing, and the store has {all.Entries.Count} other keys: an import was not ended; run it again");
    }

    private void Publish(MetadataUpdate update)
    {
        lock (_sync)
        {
            Volatile.Write(ref _current, update.After);
            foreach (var subscriber in _subscribers) subscriber(update);
            while (_waiting.TryPeek(out var waiting, out var revision) && revision <= update.After.Revision)
            {
                _waiting.Dequeue();
                waiting.TrySetResult(update.After);
            }
        }
    }

    private void End(Exception fault)
    {
        lock (_sync)
        {
            _end = fault;
            while (_waiting.TryDequeue(out var waiting, out var revision)) waiting.TrySetException(Ended(revision));
        }
    }

    private InvalidOperationException Ended(long revision) =>
        new($"revision {revision} will not be seen, the metadata store is no longer followed: {_end!.Message}", _end);
}
