namespace Moldau.Client.Handling;

/// <summary>
/// Which record is handled next. What is in one lane is handled in its order, one at a time; lanes go side by side, as many as
/// there may be. What has no lane goes at any time. Whoever shares it locks it.
/// </summary>
/// <typeparam name="T">A record and where it is done.</typeparam>
internal sealed class KeyLanes<T>(int maxConcurrency)
{
    private readonly Dictionary<(TopicPartition, long), Lane> _lanes = [];
    private readonly Queue<Lane> _ready = new();
    private readonly Queue<(TopicPartition Where, T Item)> _free = new();
    private bool _freeFirst = true;

    /// <summary>How many are being handled.</summary>
    public int Running { get; private set; }

    /// <summary>How many wait.</summary>
    public int Waiting { get; private set; }

    /// <param name="where">Its partition.</param>
    /// <param name="order">Which of the partition's lanes; null for none.</param>
    /// <param name="item">What waits.</param>
    public void Add(TopicPartition where, long? order, T item)
    {
        Waiting++;
        if (order is not { } number)
        {
            _free.Enqueue((where, item));
            return;
        }

        if (!_lanes.TryGetValue((where, number), out var lane)) _lanes[(where, number)] = lane = new Lane(where, number);
        lane.Items.Enqueue(item);
        if (lane.Items.Count == 1 && !lane.IsRunning) _ready.Enqueue(lane);
    }

    /// <summary>The next that may be handled now; its lane is closed until <see cref="Done"/>.</summary>
    public bool TryStart(out T item, out Lane? lane)
    {
        (item, lane) = (default!, null);
        if (Running >= maxConcurrency) return false;
        // A lane whose items were all dropped is gone.
        while (_ready.TryPeek(out var first) && first.Items.Count == 0) _ready.Dequeue();
        _freeFirst = !_freeFirst;
        if (_free.Count > 0 && (_freeFirst || _ready.Count == 0))
        {
            item = _free.Dequeue().Item;
        }
        else if (_ready.TryDequeue(out lane))
        {
            item = lane.Items.Dequeue();
            lane.IsRunning = true;
        }
        else
        {
            return false;
        }

        Waiting--;
        Running++;
        return true;
    }

    /// <summary>What was started has ended; what is behind it in its lane may go.</summary>
    public void Done(Lane? lane)
    {
        Running--;
        if (lane is null) return;
        lane.IsRunning = false;
        if (lane.Items.Count > 0) _ready.Enqueue(lane);
        else _lanes.Remove((lane.Where, lane.Number));
    }

    /// <summary>Takes out what was not started.</summary>
    /// <param name="partitions">Of these; null for all.</param>
    public List<T> Drop(IReadOnlyCollection<TopicPartition>? partitions)
    {
        var dropped = new List<T>();
        foreach (var lane in new List<Lane>(_lanes.Values))
        {
            if (partitions is not null && !Contains(partitions, lane.Where)) continue;
            dropped.AddRange(lane.Items);
            lane.Items.Clear();
            if (!lane.IsRunning) _lanes.Remove((lane.Where, lane.Number));
        }

        for (var left = _free.Count; left > 0; left--)
        {
            var one = _free.Dequeue();
            if (partitions is null || Contains(partitions, one.Where)) dropped.Add(one.Item);
            else _free.Enqueue(one);
        }

        Waiting -= dropped.Count;
        return dropped;
    }

    private static bool Contains(IReadOnlyCollection<TopicPartition> partitions, TopicPartition where)
    {
        foreach (var one in partitions)
        {
            if (one == where) return true;
        }

        return false;
    }

    /// <summary>What is handled one after the other.</summary>
    internal sealed class Lane(TopicPartition where, long number)
    {
        public TopicPartition Where => where;

        public long Number => number;

        public Queue<T> Items { get; } = new();

        public bool IsRunning { get; set; }
    }
}
