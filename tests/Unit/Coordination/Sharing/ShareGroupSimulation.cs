using Moldau.Coordination.ShareStates;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Unit.Storage.Simulation;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>
/// All three parts of share groups: members and administrators of two groups, their group coordinator, a share coordinator, and
/// leaders, over a network that loses, doubles and delays, while topics come, grow and go. What members were told counts.
/// </summary>
internal sealed class ShareGroupSimulation
{
    private const int Steps = 250;
    private const int Patience = 3_000;
    private static readonly string[] s_groups = ["g", "h"];
    private static readonly string[] s_topics = ["t", "u", "v"];

    private readonly Random _chance;
    private readonly Happenings _seen;
    private readonly SimulatedTopics _topics = new();
    private readonly SimulatedNetwork _network;
    private readonly SimulatedStates _states;
    private readonly SimulatedPeers _peers;
    private readonly SimulatedGroups _groups;
    private readonly ShareAdministrator _administrator;
    private readonly SimulatedShares _shares;
    private readonly List<SimulatedMember> _members = [];
    private readonly HashSet<Uuid> _gone = [];
    private long _now = 1_000;
    private int _names;

    public ShareGroupSimulation(int seed, Happenings seen)
    {
        (_chance, _seen) = (new Random(seed), seen);
        _network = new SimulatedNetwork(_chance, seen);
        _states = new SimulatedStates(_topics, _chance, seen);
        _peers = new SimulatedPeers(_states, _network, _chance);
        _groups = new SimulatedGroups(_topics, _peers, _chance, seen);
        _shares = new SimulatedShares(key => new SimulatedShare(key, _states, _network, _chance, seen));
        _administrator = new ShareAdministrator(_groups, _shares, _topics, _chance, seen);
    }

    /// <returns>What the first seed that finds something finds; null where none does.</returns>
    public static string? FaultOf(int first, int seeds)
    {
        for (var seed = first; seed < first + seeds; seed++)
        {
            try
            {
                new ShareGroupSimulation(seed, new Happenings()).Run();
            }
            catch (InvalidOperationException fault)
            {
                return $"seed {seed}: {fault.Message}";
            }
        }

        return null;
    }

    public void Run()
    {
        foreach (var topic in s_topics) _topics.Make(topic, _chance.Next(1, 4));
        for (var i = 0; i < Steps; i++) Step();
        Calm();
        DeleteAll();
    }

    private static void Hold(bool isSo, string what)
    {
        if (!isSo) throw new InvalidOperationException(what);
    }

    private void Step()
    {
        var group = s_groups[_chance.Next(s_groups.Length)];
        switch (_chance.Next(32))
        {
            case < 3 when _members.Count < 4:
                Join(group);
                break;
            case 3 when _members.Count > 0:
                Leave(Any());
                break;
            case 4 when _members.Count > 0:
                _seen.Note("fell silent");
                _members.Remove(Any());
                break;
            case 5 when _members.Count > 0:
                Any().Topics = Some();
                break;
            case 6:
                ChangeTopics();
                break;
            case 7 or 8:
                Administer(group);
                break;
            case 9 when _shares.Any(_chance) is { } share && _chance.Next(3) == 0:
                share.Move();
                break;
            case 10:
                // Long enough for sessions to end, and for what is late to come.
                Pass(_chance.Next(2 * SimulatedGroups.SessionTimeout));
                break;
            case 11 or 12:
                foreach (var topic in _topics.All) _topics.Produce(topic.Id, _chance.Next(topic.PartitionCount), _chance.Next(1, 8));
                break;
            default:
                Work(accepts: false);
                break;
        }

        Pass(_chance.Next(8));
    }

    private void Pass(int milliseconds)
    {
        for (var end = _now + milliseconds; _now < end;)
        {
            _now += Math.Min(10, end - _now);
            _network.Step(_now);
            _peers.Step(_now);
            _groups.Step(_now, _network.IsCalm);
            _states.Step(_now, _network.IsCalm);
            _shares.Step(_now);
        }
    }

    private SimulatedMember Any() => _members[_chance.Next(_members.Count)];

    private string[] Some()
    {
        var some = s_topics.Where(_ => _chance.Next(2) == 0).ToArray();
        return some.Length > 0 ? some : [s_topics[_chance.Next(s_topics.Length)]];
    }

    private void Join(string group) => _members.Add(new SimulatedMember(group, $"m{++_names}", _groups, _network) { Topics = Some() });

    private void Leave(SimulatedMember member)
    {
        _members.Remove(member);
        member.Leave(_now);
    }

    private void Work(bool accepts)
    {
        foreach (var member in _members)
        {
            if (accepts || _chance.Next(2) == 0) member.Beat(_now, response => CheckAssigned(member.Group, response));
            foreach (var (topic, partition) in member.Assigned)
            {
                if (_topics.Find(topic) is null || (!accepts && _chance.Next(2) == 0)) continue;
                var share = _shares.Of(new SharePartitionKey(member.Group, topic, partition));
                share.Fetch(_now, member.Id, _topics.EndOf(topic, partition));
                if (accepts || _chance.Next(2) == 0) share.Acknowledge(_now, accepts);
            }
        }
    }

    private void CheckAssigned(string group, ShareGroupHeartbeatResponse response)
    {
        // Who has left meanwhile is told as well, and does nothing with it.
        if (response.ErrorCode != ErrorCode.None || response.Assignment is not { } assignment || _groups.Find(group)?.FindMember(response.MemberId ?? "") is null) return;
        foreach (var topic in assignment.TopicPartitions)
        {
            if (_topics.Find(topic.TopicId) is null) continue;
            foreach (var partition in topic.Partitions)
            {
                var key = new SharePartitionKey(group, topic.TopicId, partition);
                Hold(_states.Has(key), $"{response.MemberId} was given {key.CoordinatorId}, which has no state");
            }
        }
    }

    private void ChangeTopics()
    {
        var name = s_topics[_chance.Next(s_topics.Length)];
        if (_topics.Find(name) is not { } topic)
        {
            _topics.Make(name, _chance.Next(1, 4));
            return;
        }

        if (_chance.Next(2) == 0)
        {
            if (topic.PartitionCount < 4) _topics.Grow(name, topic.PartitionCount + 1);
            return;
        }

        _seen.Note("a topic was deleted");
        _topics.Delete(name);
        Forget(topic.Id);
    }

    private void Forget(Uuid topic)
    {
        _gone.Add(topic);
        _shares.Forget(topic);
        var open = 2;
        _groups.ForgetTopic(_now, topic, Ended);
        _states.ForgetTopic(_now, topic, Ended);

        void Ended(bool isWritten)
        {
            // Whoever was not heard is told again at the end: a broker does not.
            if (isWritten && --open == 0) _gone.Remove(topic);
        }
    }

    private void Administer(string group)
    {
        // Who has gone has closed his sessions; who fell silent may have records yet.
        if (_members.Exists(member => member.Group == group && member.Assigned.Count > 0)) return;
        _administrator.Do(group, _now);
    }

    /// <summary>Nothing goes wrong any more: everything that is subscribed to is given out and done with.</summary>
    private void Calm()
    {
        _network.IsCalm = true;
        foreach (var name in s_topics)
        {
            if (_topics.Find(name) is null) _topics.Make(name, 2);
        }

        foreach (var topic in _gone.ToList()) Forget(topic);
        foreach (var group in s_groups) Join(group);
        foreach (var member in _members) member.Topics = s_topics;
        foreach (var topic in _topics.All)
        {
            for (var partition = 0; partition < topic.PartitionCount; partition++) _topics.Produce(topic.Id, partition, 2);
        }

        var end = _now + Patience;
        while (_now < end && Open() is not null)
        {
            Work(accepts: true);
            Pass(5);
        }

        if (Open() is { } open) throw new InvalidOperationException($"after {Patience} ms {open}");
        foreach (var key in Keys()) _shares.Of(key).CheckNothingLost(_topics.EndOf(key.Topic, key.Partition));
        Pass(20);
        _states.CheckLog(Keys());
        _groups.CheckLog(s_groups);
        Hold(_states.Count == Keys().Count, $"there are {_states.Count} states of {Keys().Count} share-partitions");
    }

    private List<SharePartitionKey> Keys() =>
        [.. s_groups.SelectMany(group => _topics.All.SelectMany(topic => Enumerable.Range(0, topic.PartitionCount).Select(partition => new SharePartitionKey(group, topic.Id, partition))))];

    /// <summary>What has not come to its end yet.</summary>
    private string? Open()
    {
        foreach (var name in s_groups)
        {
            if (_groups.Find(name) is not { } group) return $"there is no group {name}";
            var states = group.States.Value;
            if (states.Initializing.Count > 0) return $"{name} is initializing {string.Join(", ", states.Initializing.Keys)}";
            if (states.Deleting.Count > 0) return $"{name} is deleting {string.Join(", ", states.Deleting.Keys)}";
        }

        foreach (var key in Keys())
        {
            if (!_states.Has(key)) return $"{key.CoordinatorId} is not initialized";
            if (!_members.Exists(member => member.Group == key.Group && member.Assigned.Contains((key.Topic, key.Partition)))) return $"{key.CoordinatorId} is assigned to nobody";
            if (!_shares.Of(key).IsDone(_now, _topics.EndOf(key.Topic, key.Partition))) return $"{key.CoordinatorId} is not done with";
        }

        return null;
    }

    private void DeleteAll()
    {
        foreach (var member in _members.ToList()) Leave(member);
        Pass(3 * SimulatedGroups.SessionTimeout);
        foreach (var group in s_groups)
        {
            var told = ErrorCode.NonEmptyGroup;
            _groups.Delete(_now, group, error => told = error);
            Pass(100);
            Hold(told == ErrorCode.None && _groups.Find(group) is null, $"{group} cannot be deleted: {told}");
        }

        Hold(_states.Count == 0, $"of deleted groups {_states.Count} states are left");
        _states.CheckLog([]);
        _groups.CheckLog(s_groups);
    }
}
