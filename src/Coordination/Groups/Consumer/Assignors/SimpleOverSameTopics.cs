using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>All members subscribe to the same topics: each gets its part of all partitions of them.</summary>
internal sealed class SimpleOverSameTopics
{
    // Java's set without a capacity.
    private const int NewSet = 16;

    private readonly AssignorInput _input;
    private readonly IReadOnlySet<Uuid> _topics;
    private readonly AssignmentDraft[] _drafts;
    private readonly int[] _wanted;
    private readonly SharingGoal _goal;
    private readonly List<SharedPartition> _targets = [];
    private readonly JavaHashMap<SharedPartition, JavaHashSet<int>> _byPartition;
    private readonly JavaHashMap<int, JavaHashSet<SharedPartition>> _byMember;
    private readonly JavaHashSet<int> _unfilled;
    private readonly JavaHashSet<int> _overfilled;

    public SimpleOverSameTopics(AssignorInput input)
    {
        _input = input;
        _topics = input.Members[0].Topics;
        foreach (var topic in _topics)
        {
            var count = input.PartitionsOf(topic);
            for (var partition = 0; partition < count; partition++)
            {
                if (input.IsAssignable(topic, partition)) _targets.Add(new SharedPartition(topic, partition));
            }
        }

        var members = input.Members.Count;
        _goal = new SharingGoal(members, _targets.Count);
        _drafts = [.. input.Members.Select(static member => new AssignmentDraft(member.Assignment))];
        _wanted = [.. Enumerable.Range(0, members).Select(place => _goal.Of(place))];
        _byPartition = new(static partition => partition.Hash, JavaHashMap<SharedPartition, bool>.CapacityFor(_targets.Count + 1));
        _byMember = new(JavaHash.OfNumber, JavaHashMap<int, bool>.CapacityFor(members + 1));
        _unfilled = new(JavaHash.OfNumber, JavaHashMap<int, bool>.CapacityFor(members + 1));
        _overfilled = new(JavaHash.OfNumber, JavaHashMap<int, bool>.CapacityFor(members + 1));
    }

    public IReadOnlyDictionary<string, Assignment> Assign()
    {
        if (_topics.Count == 0) return new Dictionary<string, Assignment>();
        for (var member = 0; member < _drafts.Length; member++) Keep(member);
        foreach (var member in _overfilled) Relieve(member);
        foreach (var (partition, members) in _byPartition) Unshare(partition, members);
        foreach (var partition in _targets) _byPartition.GetOrAdd(partition, NewMembers);
        if (_unfilled.Count > 0) DealOut();
        var assigned = new Dictionary<string, Assignment>(StringComparer.Ordinal);
        for (var member = 0; member < _drafts.Length; member++) assigned.Add(_input.Members[member].Id, _drafts[member].Finish());
        return assigned;
    }

    /// <summary>What the member had of topics that are still its own, which may be too much.</summary>
    private void Keep(int member)
    {
        var count = 0;
        foreach (var (topic, partitions) in _input.Members[member].Assignment.Topics)
        {
            if (!_topics.Contains(topic))
            {
                _drafts[member].Drop(topic);
                continue;
            }

            foreach (var number in partitions)
            {
                var partition = new SharedPartition(topic, number);
                count++;
                _byPartition.GetOrAdd(partition, NewMembers).Add(member);
                _byMember.GetOrAdd(member, NewPartitions).Add(partition);
                if (count >= _wanted[member]) _drafts[member].BeginCopy();
            }
        }

        if (count < _wanted[member]) _unfilled.Add(member);
        else if (count > _wanted[member]) _overfilled.Add(member);
    }

    private void Relieve(int member)
    {
        var partitions = _byMember[member];
        foreach (var partition in partitions.ToArray())
        {
            if (partitions.Count <= _wanted[member]) return;
            _drafts[member].Take(partition.Topic, partition.Number);
            _byPartition[partition].Remove(member);
            partitions.Remove(partition);
        }
    }

    private void Unshare(SharedPartition partition, JavaHashSet<int> members)
    {
        foreach (var member in members.ToArray())
        {
            if (members.Count <= _goal.PerPartition) return;
            if (!_drafts[member].Take(partition.Topic, partition.Number)) continue;
            members.Remove(member);
            _byMember[member].Remove(partition);
            _unfilled.Add(member);
        }
    }

    private void DealOut()
    {
        var turn = new MemberTurn(_unfilled);
        foreach (var (partition, members) in _byPartition)
        {
            for (var missing = _goal.PerPartition - members.Count; missing > 0 && turn.TryNext(out var member);)
            {
                if (members.Contains(member)) continue;
                _drafts[member].Add(partition.Topic, partition.Number, NewSet);
                var partitions = _byMember.GetOrAdd(member, NewPartitions);
                partitions.Add(partition);
                missing--;
                turn.Used(isFull: partitions.Count >= _wanted[member]);
            }

            if (_unfilled.Count == 0) return;
        }
    }

    private static JavaHashSet<int> NewMembers() => new(JavaHash.OfNumber);

    private static JavaHashSet<SharedPartition> NewPartitions() => new(static partition => partition.Hash);
}
