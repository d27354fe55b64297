using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>Makes a group's targets anew when its epoch has grown, at most once in the assignment interval.</summary>
internal sealed class TargetAssignments(ConsumerGroup group, ConsumerRules rules, ITopicDirectory topics)
{
    private static readonly IAssignor[] Assignors = [new UniformAssignor(), new RangeAssignor()];

    /// <param name="epoch">The group's, as of this event.</param>
    /// <param name="joining">The member that speaks, as of this event.</param>
    /// <returns>The epoch of the targets, and the member's.</returns>
    public (int Epoch, Assignment Target) Update(int epoch, ConsumerMember before, ConsumerMember joining, Func<bool> isHomogeneous, ConsumerRecords records, long now)
    {
        var (targetEpoch, madeAt) = group.TargetEpoch.Value;
        if (targetEpoch >= epoch || !IsDue(madeAt, rules.AssignmentInterval, now)) return (targetEpoch, Last(joining));
        var name = group.Subscriptions.PreferredAssignor(before, joining) ?? rules.Assignors[0];
        var input = Input(joining, isHomogeneous());
        IReadOnlyDictionary<string, Assignment> assigned;
        try
        {
            assigned = Array.Find(Assignors, assignor => assignor.Name == name)!.Assign(input);
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

    /// <summary>What the member, or the static member it takes the place of, was to own so far.</summary>
    public Assignment Last(ConsumerMember member)
    {
        var id = member.InstanceId is null ? member.Id : group.StaticMemberId(member.InstanceId);
        return id is null ? Assignment.Empty : group.FindTarget(id) ?? Assignment.Empty;
    }

    private static bool IsDue(long madeAt, int interval, long now) => madeAt == 0 || interval == 0 || now >= madeAt + interval;

    private AssignorInput Input(ConsumerMember joining, bool isHomogeneous)
    {
        var replaced = group.StaticMemberId(joining.InstanceId);
        if (replaced == joining.Id) replaced = null;
        var counts = new Dictionary<Uuid, int>();
        var sets = new SubscribedTopics(group, topics);
        var members = new List<AssignorMember>(group.MemberCount + 1);
        foreach (var id in MemberOrder.Of(group.MemberIds, joining.Id))
        {
            if (id == replaced) continue;
            var member = id == joining.Id ? joining : group.FindMember(id)!;
            var subscribed = sets.Of(member);
            foreach (var topic in subscribed) counts.TryAdd(topic, topics.Find(topic)!.PartitionCount);
            var last = id == joining.Id && replaced is not null ? group.FindTarget(replaced) : group.FindTarget(id);
            members.Add(new AssignorMember(id, member.InstanceId, subscribed, last ?? Assignment.Empty));
        }

        return new AssignorInput(members, isHomogeneous, counts);
    }
}
