using Moldau.Protocol.Messages;

namespace Moldau.Client.Groups.Assignors;

/// <summary>Says who gets which partitions. All members of a group compute the same from the same.</summary>
internal abstract class PartitionAssignor
{
    /// <summary>As Kafka's own clients call it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether members keep what they have while they join again.</summary>
    public virtual bool IsCooperative => false;

    public static PartitionAssignor Of(ClassicAssignor assignor) => assignor switch
    {
        ClassicAssignor.Range => new RangeAssignor(),
        ClassicAssignor.RoundRobin => new RoundRobinAssignor(),
        ClassicAssignor.Sticky => new StickyAssignor(),
        ClassicAssignor.CooperativeSticky => new CooperativeStickyAssignor(),
        _ => throw new ArgumentException($"there is no assignor '{assignor}'"),
    };

    /// <summary>What a member tells the leader besides its topics.</summary>
    /// <param name="previous">What it was given last.</param>
    /// <param name="generation">When; -1 where nothing.</param>
    public virtual byte[]? UserData(IReadOnlyCollection<TopicPartition> previous, int generation) => null;

    /// <summary>What a member had, of what it says.</summary>
    public virtual (IReadOnlyList<TopicPartition> Owned, int Generation) OwnedBy(ConsumerProtocolSubscription subscription) => ([], -1);

    /// <param name="members">All of them.</param>
    /// <param name="partitions">How many each topic has; a topic that is not there has no entry.</param>
    /// <returns>An entry for each member.</returns>
    public abstract Dictionary<string, List<TopicPartition>> Assign(IReadOnlyList<AssignorMember> members, IReadOnlyDictionary<string, int> partitions);

    protected static Dictionary<string, List<TopicPartition>> Nothing(IReadOnlyList<AssignorMember> members)
    {
        var given = new Dictionary<string, List<TopicPartition>>(StringComparer.Ordinal);
        foreach (var member in members) given[member.Id] = [];
        return given;
    }

    protected static List<AssignorMember> Ordered(IReadOnlyList<AssignorMember> members)
    {
        var ordered = new List<AssignorMember>(members);
        ordered.Sort(AssignorMember.Compare);
        return ordered;
    }

    /// <summary>Every partition that some member reads.</summary>
    protected static List<TopicPartition> Wanted(IReadOnlyList<AssignorMember> members, IReadOnlyDictionary<string, int> partitions)
    {
        var topics = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var member in members) topics.UnionWith(member.Topics);
        var wanted = new List<TopicPartition>();
        foreach (var topic in topics)
        {
            for (var number = 0; number < partitions.GetValueOrDefault(topic); number++) wanted.Add(new TopicPartition(topic, number));
        }

        return wanted;
    }

    protected static List<TopicPartition> Flat(ConsumerProtocolSubscription subscription)
    {
        var owned = new List<TopicPartition>();
        foreach (var topic in subscription.OwnedPartitions)
        {
            foreach (var number in topic.Partitions) owned.Add(new TopicPartition(topic.Topic, number));
        }

        return owned;
    }
}
