using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Share;

/// <summary>For which partitions a share group has state at share coordinators. Never changes.</summary>
internal sealed record StatePartitions
{
    public static readonly StatePartitions None = new();

    /// <summary>Asked for, and not confirmed.</summary>
    public IReadOnlyDictionary<Uuid, StateTopic> Initializing { get; init; } = new Dictionary<Uuid, StateTopic>();

    public IReadOnlyDictionary<Uuid, StateTopic> Initialized { get; init; } = new Dictionary<Uuid, StateTopic>();

    /// <summary>Names of topics whose state goes, all of it.</summary>
    public IReadOnlyDictionary<Uuid, string> Deleting { get; init; } = new Dictionary<Uuid, string>();

    public bool Knows(Uuid topic) => Initializing.ContainsKey(topic) || Initialized.ContainsKey(topic) || Deleting.ContainsKey(topic);

    /// <summary>And nothing is on its way that might take it back.</summary>
    public bool IsInitialized(Uuid topic, int partition) => IsOf(Initialized, topic, partition) && !IsOf(Initializing, topic, partition);

    /// <summary>The partitions of a topic that may be given out.</summary>
    public IReadOnlySet<int> Ready(Uuid topic)
    {
        if (!Initialized.TryGetValue(topic, out var done)) return new HashSet<int>();
        return Initializing.TryGetValue(topic, out var asked) ? done.Partitions.Except(asked.Partitions).ToHashSet() : done.Partitions;
    }

    public StatePartitions WithInitializing(IReadOnlyDictionary<Uuid, StateTopic> added, ITopicDirectory topics)
    {
        var wanted = Union(Initializing, added);
        return this with
        {
            Initializing = wanted,
            // Who is wanted again does not go; while some of it is not, a deletion that failed may have left what nobody else knows of.
            Deleting = Deleting.Where(topic => !IsWhole(topic.Key)).ToDictionary(),
        };

        bool IsWhole(Uuid id)
        {
            if (topics.Find(id) is not { } topic) return false;
            var partitions = wanted.TryGetValue(id, out var asked) ? asked.Partitions : new HashSet<int>();
            return Initialized.TryGetValue(id, out var done) ? partitions.Union(done.Partitions).Count() == topic.PartitionCount : partitions.Count == topic.PartitionCount;
        }
    }

    public StatePartitions WithInitialized(IReadOnlyDictionary<Uuid, StateTopic> done) => this with { Initializing = Without(Initializing, done), Initialized = Union(Initialized, done) };

    /// <summary>Everything of these topics goes.</summary>
    public StatePartitions WithDeleting(IReadOnlyDictionary<Uuid, StateTopic> topics) => new()
    {
        Initializing = Initializing.Where(topic => !topics.ContainsKey(topic.Key)).ToDictionary(),
        Initialized = Initialized.Where(topic => !topics.ContainsKey(topic.Key)).ToDictionary(),
        Deleting = Deleting.Concat(topics.Select(static topic => KeyValuePair.Create(topic.Key, topic.Value.Name))).DistinctBy(static topic => topic.Key).ToDictionary(),
    };

    /// <summary>Nothing is left of these topics.</summary>
    public StatePartitions Without(IReadOnlySet<Uuid> topics) => new()
    {
        Initializing = Initializing.Where(topic => !topics.Contains(topic.Key)).ToDictionary(),
        Initialized = Initialized.Where(topic => !topics.Contains(topic.Key)).ToDictionary(),
        Deleting = Deleting.Where(topic => !topics.Contains(topic.Key)).ToDictionary(),
    };

    public static Dictionary<Uuid, StateTopic> Union(IReadOnlyDictionary<Uuid, StateTopic> one, IReadOnlyDictionary<Uuid, StateTopic> other)
    {
        var union = one.ToDictionary();
        foreach (var (id, topic) in other)
            union[id] = union.TryGetValue(id, out var known) ? topic.With(known.Partitions) : topic;
        return union;
    }

    private static bool IsOf(IReadOnlyDictionary<Uuid, StateTopic> topics, Uuid topic, int partition) => topics.TryGetValue(topic, out var found) && found.Partitions.Contains(partition);

    private static Dictionary<Uuid, StateTopic> Without(IReadOnlyDictionary<Uuid, StateTopic> one, IReadOnlyDictionary<Uuid, StateTopic> other)
    {
        var rest = one.ToDictionary();
        foreach (var (id, topic) in other)
        {
            if (!rest.TryGetValue(id, out var known)) continue;
            var left = known.Partitions.Except(topic.Partitions).ToHashSet();
            if (left.Count > 0) rest[id] = known with { Partitions = left };
            else rest.Remove(id);
        }

        return rest;
    }
}
