using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Share;

/// <summary>Makes a group's targets anew when its epoch has grown, at most once in the assignment interval.</summary>
internal sealed class ShareTargets(ShareGroup group, ShareRules rules, ITopicDirectory topics)
{
    private static readonly SimpleAssignor Assignor = new();

    public static string AssignorName => Assignor.Name;

    /// <param name="epoch">The group's, as of this event.</param>
    /// <param name="joining">The member that speaks, as of this event.</param>
    /// <param name="subscriptions">How many members subscribe to each topic, as of this event.</param>
    /// <returns>The epoch of the targets, and the member's.</returns>
    public (int Epoch, Assignment Target) Update(int epoch, ShareMember joining, IReadOnlyDictionary<string, int> subscriptions, ShareRecords records, long now)
    {
        var (targetEpoch, madeAt) = group.TargetEpoch.Value;
        if (targetEpoch >= epoch || !IsDue(madeAt, rules.AssignmentInterval, now)) return (targetEpoch, group.FindTarget(joining.Id) ?? Assignment.Empty);
        var input = Input(joining, subscriptions);
        IReadOnlyDictionary<string, Assignment> assigned;
        try
        {
            assigned = Assignor.Assign(input);
        }
        catch (AssignorException problem)
        {
            throw new GroupRefusedException(ErrorCode.UnknownServerError, $"Failed to compute a new target assignment for epoch {epoch}: {problem.Message}");
        }

        foreach (var member in input.Members)
        {
            var target = assigned.GetValueOrDefault(member.Id, Assignment.Empty);
            if (group.FindTarget(member.Id) is not { } last || !target.SameAs(last)) records.Target(member.Id, target);
        }

        records.TargetEpoch(epoch, now);
        return (epoch, assigned.GetValueOrDefault(joining.Id, Assignment.Empty));
    }

    private static bool IsDue(long madeAt, int interval, long now) => madeAt == 0 || interval == 0 || now >= madeAt + interval;

    private AssignorInput Input(ShareMember joining, IReadOnlyDictionary<string, int> subscriptions)
    {
        var counts = new Dictionary<Uuid, int>();
        var members = new List<AssignorMember>(group.MemberCount + 1);
        foreach (var id in MemberOrder.Of(group.MemberIds, joining.Id))
        {
            var member = id == joining.Id ? joining : group.FindMember(id)!;
            var subscribed = SubscribedTopics(member, topics);
            foreach (var topic in subscribed) counts.TryAdd(topic, topics.Find(topic)!.PartitionCount);
            members.Add(new AssignorMember(id, null, subscribed, group.FindTarget(id) ?? Assignment.Empty));
        }

        var isHomogeneous = subscriptions.Values.All(count => count == members.Count);
        return new AssignorInput(members, isHomogeneous, counts) { IsAssignable = group.States.Value.IsInitialized };
    }

    /// <summary>Those that exist.</summary>
    public static HashSet<Uuid> SubscribedTopics(ShareMember member, ITopicDirectory topics)
    {
        var subscribed = new HashSet<Uuid>();
        foreach (var name in member.TopicNames)
        {
            if (topics.Find(name) is { } topic) subscribed.Add(topic.Id);
        }

        return subscribed;
    }
}
