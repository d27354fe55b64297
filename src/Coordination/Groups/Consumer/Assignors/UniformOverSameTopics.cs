using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>
/// All members subscribe to the same topics: each keeps what it has up to its quota, and the rest is dealt out to those who
/// have less.
/// </summary>
internal sealed class UniformOverSameTopics(AssignorInput input)
{
    // Java's set without a capacity.
    private const int NewSet = 16;

    private readonly List<(AssignmentDraft Draft, int Quota)> _unfilled = [];
    private readonly List<(Uuid Topic, int Partition)> _unassigned = [];
    private readonly Dictionary<string, AssignmentDraft> _drafts = [];
    private readonly JavaHashSet<Uuid> _topics = JavaHashSet<Uuid>.Of(JavaHash.OfId, input.Members[0].Topics);
    private int _quota;
    private int _extra;

    public IReadOnlyDictionary<string, Assignment> Assign()
    {
        if (_topics.Count == 0) return new Dictionary<string, Assignment>();
        CountPartitions();
        for (var index = 0; index < input.Members.Count; index++) Keep(input.Members[index], input.Members.Count - index);
        DealOut();
        return _drafts.ToDictionary(draft => draft.Key, draft => draft.Value.Finish());
    }

    private void CountPartitions()
    {
        var assigned = new HashSet<(Uuid, int)>();
        foreach (var member in input.Members)
        {
            foreach (var (topic, partitions) in member.Assignment.Topics)
            {
                foreach (var partition in partitions) assigned.Add((topic, partition));
            }
        }

        var total = 0;
        foreach (var topic in _topics)
        {
            var count = input.PartitionsOf(topic);
            for (var partition = 0; partition < count; partition++)
            {
                if (!assigned.Contains((topic, partition))) _unassigned.Add((topic, partition));
            }

            total += count;
        }

        _quota = total / input.Members.Count;
        _extra = total % input.Members.Count;
    }

    private void Keep(AssignorMember member, int membersLeft)
    {
        var draft = new AssignmentDraft(member.Assignment);
        var quota = _quota;
        var takesExtra = _extra > 0;
        if (takesExtra) quota++;
        foreach (var (topic, partitions) in member.Assignment.Topics)
        {
            if (!_topics.Contains(topic))
            {
                draft.Drop(topic);
                continue;
            }

            foreach (var partition in partitions)
            {
                if (quota > 0)
                {
                    quota--;
                    continue;
                }

                draft.Drop(topic, partition);
                _unassigned.Add((topic, partition));
            }
        }

        // As long as others can take the extra partitions, one that would need another partition for it does not.
        if (quota > 0 && takesExtra && membersLeft > _extra)
        {
            quota--;
            takesExtra = false;
        }

        if (quota > 0) _unfilled.Add((draft, quota));
        if (takesExtra) _extra--;
        _drafts[member.Id] = draft;
    }

    private void DealOut()
    {
        var next = 0;
        foreach (var (draft, quota) in _unfilled)
        {
            for (var given = 0; given < quota && next < _unassigned.Count; given++, next++)
                draft.Add(_unassigned[next].Topic, _unassigned[next].Partition, NewSet);
        }

        if (next < _unassigned.Count) throw new AssignorException("Partitions were left unassigned");
    }
}
