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

    public bool IsInitialized(Uuid topic, int partition) => Initialized.TryGetValue(topic, out var found) && found.Partitions.Contains(partition);

    public StatePartitions WithInitializing(IReadOnlyDictionary<Uuid, StateTopic> added) => this with
    {
        Initializing = Union(Initializing, added),
        // Who is wanted again does not go.
        Deleting = Deleting.Where(topic => !added.ContainsKey(topic.Key)).ToDictionary(),
    };

    public StatePartitions WithInitialized(IReadOnlyDictionary<Uuid, StateTopic> done) => this with { Initializing = Without(Initializing, done), Initialized = Union(Initialized, done) };

    /// <summary>They were asked for in vain.</summary>
    public StatePartitions WithoutInitializing(IReadOnlyDictionary<Uuid, StateTopic> failed) => this with { Initializing = Without(Initializing, failed) };

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
            union[id] = union.TryGetValue(id, out var known) ? topic with { Partitions = known.Partitions.Union(topic.Partitions).ToHashSet() } : topic;
        return union;
    }

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
