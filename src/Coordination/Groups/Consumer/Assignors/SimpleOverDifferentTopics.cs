using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>Members subscribe to different topics: those of each topic get their parts of it, one topic after the other.</summary>
internal sealed class SimpleOverDifferentTopics(AssignorInput input)
{
    // Java's set without a capacity.
    private const int NewSet = 16;

    private readonly AssignmentDraft[] _drafts = [.. input.Members.Select(static member => new AssignmentDraft(member.Assignment))];

    public IReadOnlyDictionary<string, Assignment> Assign()
    {
        var topics = new JavaHashSet<Uuid>(JavaHash.OfId);
        foreach (var member in input.Members)
        {
            foreach (var topic in member.Topics) topics.Add(topic);
        }

        if (topics.Count == 0) return new Dictionary<string, Assignment>();
        foreach (var topic in topics) new OneTopic(input, _drafts, topic).Assign();
        var assigned = new Dictionary<string, Assignment>(StringComparer.Ordinal);
        for (var member = 0; member < _drafts.Length; member++) assigned.Add(input.Members[member].Id, _drafts[member].Finish());
        return assigned;
    }

    private sealed class OneTopic
    {
        private readonly AssignorInput _input;
        private readonly AssignmentDraft[] _drafts;
        private readonly Uuid _topic;
        private readonly List<int> _targets = [];
        private readonly List<int> _subscribed = [];
        private readonly SharingGoal _goal;
        private readonly int[] _wanted;
        private readonly JavaHashMap<int, JavaHashSet<int>> _byPartition;
        private readonly JavaHashMap<int, JavaHashSet<int>> _byMember;

        public OneTopic(AssignorInput input, AssignmentDraft[] drafts, Uuid topic)
        {
            (_input, _drafts, _topic) = (input, drafts, topic);
            var count = input.PartitionsOf(topic);
            for (var partition = 0; partition < count; partition++)
            {
                if (input.IsAssignable(topic, partition)) _targets.Add(partition);
            }

            for (var member = 0; member < drafts.Length; member++)
            {
                if (input.Members[member].Topics.Contains(topic)) _subscribed.Add(member);
            }

            _goal = new SharingGoal(_subscribed.Count, _targets.Count);
            _wanted = new int[drafts.Length];
            for (var place = 0; place < _subscribed.Count; place++) _wanted[_subscribed[place]] = _goal.Of(place);
            _byPartition = new(JavaHash.OfNumber, JavaHashMap<int, bool>.CapacityFor(_targets.Count + 1));
            _byMember = new(JavaHash.OfNumber, JavaHashMap<int, bool>.CapacityFor(_subscribed.Count + 1));
        }

        public void Assign()
        {
            for (var member = 0; member < _drafts.Length; member++) Keep(member);
            foreach (var (member, partitions) in _byMember) Relieve(member, partitions);
            foreach (var (partition, members) in _byPartition) Unshare(partition, members);
            foreach (var partition in _targets) _byPartition.GetOrAdd(partition, () => new JavaHashSet<int>(JavaHash.OfNumber, JavaHashMap<int, bool>.CapacityFor(_subscribed.Count + 1)));
            DealOut();
        }

        /// <summary>What the member had of the topic, also where it subscribes to it no more: that is too much then.</summary>
        private void Keep(int member)
        {
            foreach (var partition in _input.Members[member].Assignment.Of(_topic))
            {
                _byPartition.GetOrAdd(partition, Numbers).Add(member);
                _byMember.GetOrAdd(member, Numbers).Add(partition);
            }
        }

        private void Relieve(int member, JavaHashSet<int> partitions)
        {
            foreach (var partition in partitions.ToArray())
            {
                if (partitions.Count <= _wanted[member]) return;
                _byPartition[partition].Remove(member);
                partitions.Remove(partition);
                _drafts[member].Take(_topic, partition);
            }
        }

        private void Unshare(int partition, JavaHashSet<int> members)
        {
            foreach (var member in members.ToArray())
            {
                if (members.Count <= _goal.PerPartition) return;
                if (!_drafts[member].Take(_topic, partition)) continue;
                members.Remove(member);
                _byMember[member].Remove(partition);
            }
        }

        private void DealOut()
        {
            var unfilled = new JavaHashSet<int>(JavaHash.OfNumber, JavaHashMap<int, bool>.CapacityFor(_drafts.Length + 1));
            foreach (var member in _subscribed)
            {
                if ((_byMember.TryGet(member, out var partitions) ? partitions.Count : 0) < _wanted[member]) unfilled.Add(member);
            }

            var turn = new MemberTurn(unfilled);
            foreach (var (partition, members) in _byPartition)
            {
                for (var missing = _goal.PerPartition - members.Count; missing > 0 && turn.TryNext(out var member);)
                {
                    if (members.Contains(member)) continue;
                    _drafts[member].Add(_topic, partition, NewSet);
                    var partitions = _byMember.GetOrAdd(member, Numbers);
                    partitions.Add(partition);
                    missing--;
                    turn.Used(isFull: partitions.Count >= _wanted[member]);
                }

                if (unfilled.Count == 0) return;
            }
        }

        private static JavaHashSet<int> Numbers() => new(JavaHash.OfNumber);
    }
}
