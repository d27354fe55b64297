using Moldau.Client.Groups.Assignors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Groups;

/// <summary>What the member that leads a round does for the others.</summary>
internal sealed class ClassicLead
{
    private readonly List<AssignorMember> _members = [];
    private readonly PartitionAssignor _assignor;
    private readonly bool _leavesAsIs;
    private Dictionary<string, List<TopicPartition>>? _given;

    public ClassicLead(JoinGroupResponse joined, PartitionAssignor assignor)
    {
        _assignor = assignor;
        _leavesAsIs = joined.SkipAssignment;
        var topics = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var member in joined.Members)
        {
            var seen = ClassicSubscription.Member(member, assignor);
            topics.UnionWith(seen.Topics);
            _members.Add(seen);
        }

        Topics = new TopicWatch(GroupSubscription.OfAll(topics));
    }

    /// <summary>Those of all members.</summary>
    public TopicWatch Topics { get; }

    public void Assign() => _given = _leavesAsIs ? null : _assignor.Assign(_members, Topics.Partitions);

    public void AddTo(SyncGroupRequest request)
    {
        if (_given is null) return;
        foreach (var (member, partitions) in _given)
        {
            var assignment = new ConsumerProtocolAssignment();
            foreach (var (topic, numbers) in PartitionOrder.ByTopic(partitions))
                assignment.AssignedPartitions.Add(new ConsumerProtocolAssignment.TopicPartition { Topic = topic, Partitions = [.. numbers] });
            request.Assignments.Add(new SyncGroupRequest.MemberAssignment { MemberId = member, Assignment = ClassicSubscription.Write(assignment) });
        }
    }
}
