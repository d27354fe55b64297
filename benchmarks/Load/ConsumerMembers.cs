using System.Diagnostics;

namespace Moldau.Bench.Load;

/// <summary>
/// Groups of KIP-848 full of members, each on a connection of its own. A member answers at once when it is told what to own,
/// and otherwise says from time to time that it lives.
/// </summary>
internal sealed class ConsumerMembers : ILoadMembers
{
    private const short Api = 68;
    private const short Version = 1;
    private const short UnknownMember = 25;
    private const short FencedEpoch = 110;
    private const int Leaving = -1;
    private const int RebalanceMilliseconds = 5 * 60 * 1000;
    private const int UuidBytes = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _topic;
    private readonly Crowd _crowd;
    private readonly ConsumerMember[] _members;
    private readonly ConsumerLoadGroup[] _groups;
    private readonly Queue<(long Due, int Place)> _beats = new();
    private long _answered;

    public ConsumerMembers(int port, string name, string topic, int partitions, int groups, int membersEach)
    {
        _topic = topic;
        _groups = [.. Enumerable.Range(0, groups).Select(number => new ConsumerLoadGroup($"{name}-{number}", membersEach, partitions))];
        _members = [.. Enumerable.Range(0, groups * membersEach).Select(place => new ConsumerMember(_groups[place % groups], $"member-{place:D10}"))];
        Coordinator.Await(port, _groups[0].Name, Coordinator.OfGroups);
        _crowd = new Crowd(port, _members.Length);
    }

    /// <summary>All join, until each group's members are in one epoch and own every partition together.</summary>
    /// <param name="pause">Between two words of a member; Kafka's is five seconds, of which most would be spent waiting.</param>
    /// <returns>Seconds.</returns>
    public double Agree(TimeSpan pause)
    {
        var (started, ticks) = (Stopwatch.GetTimestamp(), (long)(pause.TotalSeconds * Stopwatch.Frequency));
        for (var place = 0; place < _members.Length; place++) Say(place, ticks);
        while (!Array.TrueForAll(_groups, static group => group.IsAgreed))
        {
            _crowd.Take(10, (place, reply) => Taken(place, reply, ticks));
            while (_beats.TryPeek(out var beat) && beat.Due <= Stopwatch.GetTimestamp())
            {
                _beats.Dequeue();
                if (!_members[beat.Place].IsAsking) Say(beat.Place, ticks);
                else _beats.Enqueue((Stopwatch.GetTimestamp() + ticks, beat.Place));
            }

            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException($"{_groups.Count(static group => !group.IsAgreed)} of {_groups.Length} groups do not agree within {Patience}");
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Each says that it lives, by turns, at an even pace.</summary>
    public LoadResult Beat(TimeSpan duration, TimeSpan pause)
    {
        Settle();
        _answered = 0;
        PreciseSleep.Prepare();
        var (started, step) = (Stopwatch.GetTimestamp(), pause.TotalSeconds * Stopwatch.Frequency / _members.Length);
        for (var i = 0; Stopwatch.GetElapsedTime(started) < duration; i++)
        {
            PreciseSleep.Until(started + (long)(i * step));
            Say(i % _members.Length, 0);
            _crowd.Take(0, (place, reply) => Taken(place, reply, 0));
        }

        Settle();
        return new LoadResult(_answered, Stopwatch.GetElapsedTime(started).TotalSeconds, []);
    }

    public void Leave()
    {
        Settle();
        for (var place = 0; place < _members.Length; place++)
        {
            _members[place].Epoch = Leaving;
            Say(place, 0);
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

    private void Settle()
    {
        _beats.Clear();
        var started = Stopwatch.GetTimestamp();
        while (Array.Exists(_members, static member => member.IsAsking))
        {
            _crowd.Take(10, (place, reply) => Taken(place, reply, 0));
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException("some members get no answers");
        }
    }

    /// <param name="place">Who.</param>
    /// <param name="pause">Until it speaks again, in ticks; 0 where somebody else sees to that.</param>
    private void Say(int place, long pause)
    {
        var member = _members[place];
        member.IsAsking = true;
        _crowd.Send(place, member.Epoch == 0 ? Word(member, isJoining: true, hasChanged: true) : member.Beat ??= Word(member, isJoining: false, hasChanged: false));
        if (pause > 0) _beats.Enqueue((Stopwatch.GetTimestamp() + pause, place));
    }

    private void Taken(int place, ReadOnlySpan<byte> bytes, long pause)
    {
        var member = _members[place];
        var reply = new WireReader(bytes);
        member.IsAsking = false;
        reply.SkipTags();
        reply.Int32();
        var error = reply.Int16();
        if (error is UnknownMember or FencedEpoch || Coordinator.IsComing(error))
        {
            if (Coordinator.IsComing(error)) Thread.Sleep(1);
            Become(member, 0, []);
            Say(place, 0);
            return;
        }

        if (error != 0) throw new InvalidOperationException($"a heartbeat was answered with error {error}");
        _answered++;
        if (member.Epoch == Leaving) return;
        reply.SkipCompactText();
        reply.SkipCompactText();
        var epoch = reply.Int32();
        reply.Int32();
        if ((sbyte)reply.Byte() < 0)
        {
            Become(member, epoch, member.Partitions);
            return;
        }

        Become(member, epoch, Assigned(member, ref reply));
        // What it was given up or given it says at once.
        member.IsAsking = true;
        _crowd.Send(place, Word(member, isJoining: false, hasChanged: true));
    }

    private static void Become(ConsumerMember member, int epoch, int[] partitions)
    {
        member.Group.Changed(member.Epoch, member.Partitions.Length, epoch, partitions.Length);
        if (member.Epoch != epoch) member.Beat = null;
        (member.Epoch, member.Partitions) = (epoch, partitions);
    }

    private static int[] Assigned(ConsumerMember member, ref WireReader reply)
    {
        int[] all = [];
        for (var topics = reply.Varint() - 1; topics > 0; topics--)
        {
            member.Topic = reply.Take(UuidBytes).ToArray();
            all = new int[reply.Varint() - 1];
            for (var i = 0; i < all.Length; i++) all[i] = reply.Int32();
            reply.SkipTags();
        }

        return all;
    }

    private byte[] Word(ConsumerMember member, bool isJoining, bool hasChanged)
    {
        var wire = Wire.Flexible(Api, Version);
        wire.CompactText(member.Group.Name);
        wire.CompactText(member.Id);
        wire.Int32(member.Epoch);
        wire.CompactText(null);
        wire.CompactText(null);
        wire.Int32(isJoining ? RebalanceMilliseconds : -1);
        wire.Varint(isJoining ? 2 : 0);
        if (isJoining) wire.CompactText(_topic);
        wire.CompactText(null);
        wire.CompactText(null);
        Owned(wire, member, hasChanged);
        wire.Byte(0);
        return wire.Finish();
    }

    private static void Owned(Wire wire, ConsumerMember member, bool hasChanged)
    {
        if (!hasChanged || member.Partitions.Length == 0)
        {
            wire.Varint(hasChanged ? 1 : 0);
            return;
        }

        wire.Varint(2);
        wire.Raw(member.Topic);
        wire.Varint(member.Partitions.Length + 1);
        foreach (var partition in member.Partitions) wire.Int32(partition);
        wire.Byte(0);
    }
}
