using System.Diagnostics;

namespace Moldau.Bench.Load;

/// <summary>
/// Classic groups full of members, each on a connection of its own: they join, the leader assigns, they ask for what they are
/// assigned, and say every three seconds that they live, all as Kafka's consumers do.
/// </summary>
internal sealed class ClassicMembers : ILoadMembers
{
    private const short IllegalGeneration = 22;
    private const short UnknownMember = 25;
    private const short RebalanceInProgress = 27;
    private const short MemberIdRequired = 79;
    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _topic;
    private readonly Crowd _crowd;
    private readonly ClassicMember[] _members;
    private readonly ClassicLoadGroup[] _groups;
    private readonly byte[] _assignment;
    private readonly Queue<(long Due, int Place, int Generation)> _beats = new();
    private byte[] _subscription;
    private long _answered;

    public ClassicMembers(int port, string name, string topic, int groups, int membersEach)
    {
        _topic = topic;
        _groups = [.. Enumerable.Range(0, groups).Select(number => new ClassicLoadGroup($"{name}-{number}", membersEach))];
        _members = [.. Enumerable.Range(0, groups * membersEach).Select(place => new ClassicMember(_groups[place % groups]))];
        (_subscription, _assignment) = (GroupRequests.Subscription(topic, 0), GroupRequests.Assignment(topic, 0));
        Coordinator.Await(port, _groups[0].Name, Coordinator.OfGroups);
        _crowd = new Crowd(port, _members.Length);
    }

    /// <summary>All join, until in each group all have an assignment of one generation.</summary>
    /// <returns>Seconds.</returns>
    public double Agree()
    {
        var started = Stopwatch.GetTimestamp();
        for (var place = 0; place < _members.Length; place++) Join(place);
        while (!Array.TrueForAll(_groups, static group => group.IsAgreed))
        {
            _crowd.Take(10, Taken);
            SendBeats();
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException($"{_groups.Count(static group => !group.IsAgreed)} of {_groups.Length} groups do not agree within {Patience}");
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>The same once more: each says something new of itself, so that nobody's old assignment stands.</summary>
    public double AgreeAgain(byte own)
    {
        Settle();
        _beats.Clear();
        _subscription = GroupRequests.Subscription(_topic, own);
        return Agree();
    }

    /// <summary>Each says that it lives, by turns, at an even pace.</summary>
    /// <returns>How many were answered.</returns>
    public LoadResult Beat(TimeSpan duration)
    {
        Settle();
        _beats.Clear();
        _answered = 0;
        PreciseSleep.Prepare();
        var (started, step) = (Stopwatch.GetTimestamp(), BeatInterval.TotalSeconds * Stopwatch.Frequency / _members.Length);
        for (var i = 0; Stopwatch.GetElapsedTime(started) < duration; i++)
        {
            PreciseSleep.Until(started + (long)(i * step));
            SendBeat(i % _members.Length);
            _crowd.Take(0, Taken);
        }

        Settle();
        _beats.Clear();
        return new LoadResult(_answered, Stopwatch.GetElapsedTime(started).TotalSeconds, []);
    }

    /// <summary>All go, those of a group with one word.</summary>
    public void Leave()
    {
        Settle();
        for (var number = 0; number < _groups.Length; number++)
        {
            var group = _groups[number];
            _members[number].Asked = ClassicMember.Question.Leave;
            _crowd.Send(number, GroupRequests.Leave(group.Name, [.. _members.Where(member => member.Group == group).Select(static member => member.Id)]));
        }

        Settle();
    }

    public void Rest()
    {
        Settle();
        _crowd.Disconnect();
    }

    public void Wake() => _crowd.Connect();

    public void Dispose() => _crowd.Dispose();

    /// <summary>Until nobody waits for an answer.</summary>
    private void Settle()
    {
        var started = Stopwatch.GetTimestamp();
        while (Array.Exists(_members, static member => member.Asked != ClassicMember.Question.None))
        {
            _crowd.Take(10, Taken);
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException("some members get no answers");
        }
    }

    private void SendBeats()
    {
        while (_beats.TryPeek(out var beat) && beat.Due <= Stopwatch.GetTimestamp())
        {
            _beats.Dequeue();
            if (_members[beat.Place].Generation == beat.Generation && _members[beat.Place].Asked == ClassicMember.Question.None) SendBeat(beat.Place);
        }
    }

    private void SendBeat(int place)
    {
        var member = _members[place];
        member.Asked = ClassicMember.Question.Heartbeat;
        _crowd.Send(place, member.Beat ??= GroupRequests.Heartbeat(member.Group.Name, member.Generation, member.Id));
    }

    private void Join(int place)
    {
        var member = _members[place];
        if (member.Generation >= 0) member.Group.HasNot(member.Generation);
        (member.Generation, member.Beat, member.Asked) = (-1, null, ClassicMember.Question.Join);
        _crowd.Send(place, GroupRequests.Join(member.Group.Name, member.Id, _subscription));
    }

    private void Taken(int place, ReadOnlySpan<byte> bytes)
    {
        var member = _members[place];
        var reply = new WireReader(bytes);
        var asked = member.Asked;
        member.Asked = ClassicMember.Question.None;
        reply.Int32();
        var error = reply.Int16();
        switch (error)
        {
            case 0:
                break;
            case MemberIdRequired:
                reply.Int32();
                reply.SkipText();
                reply.SkipText();
                member.Id = reply.Text()!;
                Join(place);
                return;
            case UnknownMember:
                member.Id = "";
                Join(place);
                return;
            case IllegalGeneration or RebalanceInProgress:
                Join(place);
                return;
            case var later when Coordinator.IsComing(later):
                Thread.Sleep(1);
                Join(place);
                return;
            default:
                throw new InvalidOperationException($"{asked} was answered with error {error}");
        }

        if (asked == ClassicMember.Question.Join) Sync(place, ref reply);
        else if (asked == ClassicMember.Question.Sync) Synced(place);
        else if (asked == ClassicMember.Question.Heartbeat)
        {
            _answered++;
            Plan(place);
        }
    }

    private void Sync(int place, ref WireReader reply)
    {
        var member = _members[place];
        member.Joined = reply.Int32();
        reply.SkipText();
        var leader = reply.Text();
        member.Id = reply.Text()!;
        var all = new List<string>();
        if (leader == member.Id)
        {
            for (var count = reply.Int32(); count > 0; count--)
            {
                all.Add(reply.Text()!);
                reply.SkipText();
                _ = reply.Take(reply.Int32());
            }
        }

        member.Asked = ClassicMember.Question.Sync;
        _crowd.Send(place, GroupRequests.Sync(member.Group.Name, member.Joined, member.Id, all, _assignment));
    }

    private void Synced(int place)
    {
        var member = _members[place];
        member.Generation = member.Joined;
        member.Group.Has(member.Generation);
        Plan(place);
    }

    private void Plan(int place) => _beats.Enqueue((Stopwatch.GetTimestamp() + (long)(BeatInterval.TotalSeconds * Stopwatch.Frequency), place, _members[place].Generation));
}
