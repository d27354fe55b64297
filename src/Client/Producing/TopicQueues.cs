using Moldau.Client.Metadata;
using Moldau.Protocol.Records;

namespace Moldau.Client.Producing;

/// <summary>One topic's partitions, as records are given to them. Found once, and then held by whoever writes to it.</summary>
internal sealed class TopicQueues(string name, ProducerOptions options, StickyPartition sticky, Func<TopicPartition, PartitionQueue> make)
{
    private readonly Lock _gate = new();
    private PartitionQueue[] _partitions = [];
    private ClusterSnapshot? _seen;
    private Task _last = Task.CompletedTask;
    private int _inLine;

    public string Name { get; } = name;

    public PartitionQueue[] Partitions => Volatile.Read(ref _partitions);

    /// <summary>Whether records wait to be appended: whoever comes behind them must not pass them.</summary>
    public bool HasLine => Volatile.Read(ref _inLine) > 0;

    /// <summary>Ends when the last that waits has been appended.</summary>
    public Task LineEnd
    {
        get
        {
            lock (_gate) return _last;
        }
    }

    /// <summary>Whether this is what it has seen of the cluster, so that nothing is to be looked up.</summary>
    public bool HasSeen(ClusterSnapshot cluster) => ReferenceEquals(Volatile.Read(ref _seen), cluster);

    /// <returns>Whether the topic is there.</returns>
    public bool See(ClusterSnapshot cluster)
    {
        if (!cluster.Topics.TryGetValue(Name, out var topic) || topic.Partitions.Count == 0) return false;
        lock (_gate)
        {
            if (_partitions.Length < topic.Partitions.Count)
            {
                var more = new PartitionQueue[topic.Partitions.Count];
                for (var i = 0; i < more.Length; i++) more[i] = i < _partitions.Length ? _partitions[i] : make(new TopicPartition(Name, i));
                Volatile.Write(ref _partitions, more);
            }

            Count = topic.Partitions.Count;
            Volatile.Write(ref _seen, cluster);
            return true;
        }
    }

    /// <summary>Partitions the topic has; a topic that was made anew may have fewer than before.</summary>
    public int Count { get; private set; }

    /// <summary>Takes the place behind everybody who waits already.</summary>
    public (Task Before, TaskCompletionSource Own) Enter()
    {
        var own = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            var before = _last;
            _last = own.Task;
            Interlocked.Increment(ref _inLine);
            return (before, own);
        }
    }

    public void Leave(TaskCompletionSource own)
    {
        Interlocked.Decrement(ref _inLine);
        own.SetResult();
    }

    /// <returns>The partition's number, and whether it was chosen because it is its turn; where the caller or the partitioner has named it, it may be one that is not there.</returns>
    public (int Partition, bool HasTurn) Choose(int? wanted, OptionalBytes key)
    {
        if (wanted is { } named) return (named, false);
        var partition = options.Partitioner.Choose(Name, key, Count);
        return partition == Partitioner.Anywhere ? (sticky.Current(Partitions.AsSpan(0, Count)), true) : (partition, false);
    }

    /// <summary>A partition has had its share of records without a key.</summary>
    public void EndTurn(int partition) => sticky.Switch(Partitions.AsSpan(0, Count), partition);
}
