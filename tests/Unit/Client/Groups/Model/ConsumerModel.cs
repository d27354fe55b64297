using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Unit.Client.Groups.Model;

internal sealed class ConsumerModel : GroupModel
{
    private readonly SortedDictionary<string, Member> _members = new(StringComparer.Ordinal);
    private int _epoch;

    public override string ToString() => $"{_epoch} {string.Join("; ", _members.Select(static member => $"{member.Key} at {member.Value.Epoch} heard {member.Value.HeardAt}: {string.Join(",", member.Value.Assigned)} revoking {string.Join(",", member.Value.Revoking)}"))}";

    public override bool Knows(string member) => _members.ContainsKey(member);

    public override void Handle(int ticket, IMessage request, long now) =>
        Answers.Add((ticket, request is ConsumerGroupHeartbeatRequest heartbeat ? Heard(heartbeat, now) : Metadata()));

    public override void Tick(long now)
    {
        foreach (var id in _members.Where(member => now - member.Value.HeardAt > SessionMs).Select(static member => member.Key).ToList()) Remove(id);
    }

    private ConsumerGroupHeartbeatResponse Heard(ConsumerGroupHeartbeatRequest request, long now)
    {
        if (request.MemberEpoch < 0)
        {
            Remove(request.MemberId);
            return new ConsumerGroupHeartbeatResponse { MemberEpoch = request.MemberEpoch };
        }

        var isNew = request.MemberEpoch == 0;
        if (isNew)
        {
            Remove(request.MemberId);
            _members[request.MemberId] = new Member();
            _epoch++;
        }

        if (!_members.TryGetValue(request.MemberId, out var member)) return new ConsumerGroupHeartbeatResponse { ErrorCode = ErrorCode.UnknownMemberId };
        if (request.MemberEpoch != member.Epoch && request.MemberEpoch != member.EpochBefore) return new ConsumerGroupHeartbeatResponse { ErrorCode = ErrorCode.FencedMemberEpoch };
        member.HeardAt = now;
        var holds = request.TopicPartitions is { } owned && !isNew ? owned.SelectMany(static topic => topic.Partitions.Select(partition => (topic.TopicId, partition))).ToHashSet() : null;
        if (holds is not null && !member.Revoking.Overlaps(holds)) member.Revoking.Clear();
        var before = member.Assigned.ToHashSet();
        Step(member, Target(request.MemberId));
        var response = new ConsumerGroupHeartbeatResponse { MemberEpoch = member.Epoch, HeartbeatIntervalMs = 200 };
        if (!isNew && holds is null && before.SetEquals(member.Assigned)) return response;
        response.Assignment = new ConsumerGroupHeartbeatResponse.MemberAssignment();
        foreach (var topic in member.Assigned.GroupBy(static where => where.Topic))
            response.Assignment.TopicPartitions.Add(new ConsumerGroupHeartbeatResponse.Assigned { TopicId = topic.Key, Partitions = [.. topic.Select(static where => where.Partition)] });
        return response;
    }

    private void Step(Member member, HashSet<(Uuid Topic, int Partition)> target)
    {
        if (member.Revoking.Count > 0) return;
        member.Revoking.UnionWith(member.Assigned.Except(target));
        member.Assigned.IntersectWith(target);
        if (member.Revoking.Count > 0) return;
        member.Assigned.UnionWith(target.Where(where => _members.Values.All(other => other == member || (!other.Assigned.Contains(where) && !other.Revoking.Contains(where)))));
        if (member.Epoch != _epoch) (member.EpochBefore, member.Epoch) = (member.Epoch, _epoch);
    }

    private HashSet<(Uuid Topic, int Partition)> Target(string id)
    {
        var place = _members.Keys.ToList().IndexOf(id);
        var all = Topics.SelectMany(static topic => Enumerable.Range(0, topic.Value).Select(number => (IdOf(topic.Key), number))).ToList();
        return [.. all.Where((_, at) => at % _members.Count == place)];
    }

    private void Remove(string id)
    {
        if (_members.Remove(id)) _epoch++;
    }

    private sealed class Member
    {
        public int Epoch;
        public int EpochBefore;
        public long HeardAt;
        public HashSet<(Uuid Topic, int Partition)> Assigned { get; } = [];
        public HashSet<(Uuid Topic, int Partition)> Revoking { get; } = [];
    }
}
