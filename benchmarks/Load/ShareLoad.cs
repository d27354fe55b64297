using System.Diagnostics;

namespace Moldau.Bench.Load;

/// <summary>
/// Members of one share group, each on a connection of its own and with one request under way: it accepts what the last one brought, as one
/// range for each that it was told, and asks for more. One thread serves them all.
/// </summary>
internal sealed class ShareLoad : IDisposable
{
    // Kafka takes minutes for half a million acknowledgements of single records.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _group;
    private readonly string _topic;
    private readonly int _partitions;
    private readonly Crowd _crowd;
    private readonly ShareMember[] _members;
    private byte[] _topicId = [];
    private bool _accepts = true;
    private int _mostRecords = 500;
    private long _accepted;
    private long _acquired;

    public ShareLoad(int port, string group, string topic, int partitions, int members)
    {
        (_group, _topic, _partitions) = (group, topic, partitions);
        _members = [.. Enumerable.Range(0, members).Select(static place => new ShareMember($"member-{place:D10}"))];
        Coordinator.Await(port, group, Coordinator.OfGroups);
        _crowd = new Crowd(port, members);
        try
        {
            Join();
        }
        catch
        {
            _crowd.Dispose();
            throw;
        }
    }

    /// <summary>Until the time is over, or so many records are accepted; what was acquired then is accepted too, and counts.</summary>
    public LoadResult Run(TimeSpan duration, long records)
    {
        var started = Stopwatch.GetTimestamp();
        for (var place = 0; place < _members.Length; place++) Ask(place, ShareRequests.Opening);
        while (Stopwatch.GetElapsedTime(started) < duration && _accepted < records) Take(place => Ask(place, _members[place].SessionEpoch));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var accepted = _accepted;
        Close();
        return new LoadResult(accepted, seconds, []);
    }

    /// <summary>Acquires so many records and accepts none, or every second one: the others stay out.</summary>
    public long Hold(long records)
    {
        _accepts = false;
        _mostRecords = 10_000;
        var started = Stopwatch.GetTimestamp();
        for (var place = 0; place < _members.Length; place++) Ask(place, ShareRequests.Opening);
        while (_acquired < records)
        {
            Take(place => Ask(place, _members[place].SessionEpoch));
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException($"{_acquired} of {records} records were acquired within {Patience}");
        }

        return _acquired;
    }

    /// <summary>Of what is held every second record is accepted, each by itself: nothing lies beside its like.</summary>
    public void AcceptEverySecond()
    {
        Settle();
        foreach (var member in _members)
        {
            List<(int Partition, long First, long Last)> every = [];
            foreach (var (partition, first, last) in member.Held)
            {
                for (var offset = first; offset <= last; offset += 2) every.Add((partition, offset, offset));
            }

            member.Held.Clear();
            member.Held.AddRange(every);
        }

        _accepts = true;
        for (var place = 0; place < _members.Length; place++) Ask(place, _members[place].SessionEpoch);
        Settle();
    }

    public void Dispose() => _crowd.Dispose();

    /// <summary>Until every partition is somebody's: its state is there then.</summary>
    private void Join()
    {
        var assigned = new HashSet<int>();
        var started = Stopwatch.GetTimestamp();
        for (var place = 0; place < _members.Length; place++) Beat(place, _topic);
        while (assigned.Count < _partitions || Array.Exists(_members, static member => member.IsAsking))
        {
            _crowd.Take(10, (place, reply) => Joined(place, reply, assigned));
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException($"{assigned.Count} of {_partitions} partitions are assigned after {Patience}");
            if (Array.Exists(_members, static member => member.IsAsking)) continue;
            if (assigned.Count == _partitions) return;
            Thread.Sleep(20);
            for (var place = 0; place < _members.Length; place++) Beat(place, null);
        }
    }

    private void Beat(int place, string? topic)
    {
        var member = _members[place];
        member.IsAsking = true;
        _crowd.Send(place, ShareRequests.Heartbeat(_group, member.Id, member.MemberEpoch, topic));
    }

    private void Joined(int place, ReadOnlySpan<byte> bytes, HashSet<int> assigned)
    {
        var member = _members[place];
        var reply = new WireReader(bytes);
        member.IsAsking = false;
        reply.SkipTags();
        reply.Int32();
        var error = reply.Int16();
        if (Coordinator.IsComing(error))
        {
            Thread.Sleep(10);
            Beat(place, _topic);
            return;
        }

        if (error != 0) throw new InvalidOperationException($"a share group's heartbeat was answered with error {error}");
        reply.SkipCompactText();
        reply.SkipCompactText();
        member.MemberEpoch = reply.Int32();
        reply.Int32();
        if ((sbyte)reply.Byte() < 0) return;
        for (var topics = reply.Varint() - 1; topics > 0; topics--)
        {
            _topicId = reply.Take(ShareRequests.UuidBytes).ToArray();
            for (var count = reply.Varint() - 1; count > 0; count--) assigned.Add(reply.Int32());
            reply.SkipTags();
        }
    }

    private void Ask(int place, int epoch)
    {
        var member = _members[place];
        List<(int Partition, long First, long Last)> accepted = _accepts ? member.Held : [];
        member.Accepting = 0;
        foreach (var (_, first, last) in accepted) member.Accepting += last - first + 1;
        _crowd.Send(place, ShareRequests.Fetch(_group, member.Id, epoch, _topicId, epoch == ShareRequests.Opening ? _partitions : 0, accepted, _mostRecords));
        if (_accepts) member.Held.Clear();
        member.SessionEpoch = epoch == ShareRequests.Closing ? epoch : epoch + 1;
        member.IsAsking = true;
    }

    private void Take(Action<int> next) => _crowd.Take(10, (place, reply) =>
    {
        Fetched(_members[place], reply);
        next(place);
    });

    private void Settle()
    {
        var started = Stopwatch.GetTimestamp();
        while (Array.Exists(_members, static member => member.IsAsking))
        {
            Take(static _ => { });
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException("share fetches are not answered");
        }
    }

    private void Close()
    {
        Settle();
        for (var place = 0; place < _members.Length; place++) Ask(place, ShareRequests.Closing);
        Settle();
    }

    private void Fetched(ShareMember member, ReadOnlySpan<byte> bytes)
    {
        var reply = new WireReader(bytes);
        member.IsAsking = false;
        reply.SkipTags();
        reply.Int32();
        var error = reply.Int16();
        if (error != 0) throw new InvalidOperationException($"a share fetch was answered with error {error}");
        reply.SkipCompactText();
        reply.Int32();
        for (var topics = reply.Varint() - 1; topics > 0; topics--)
        {
            _ = reply.Take(ShareRequests.UuidBytes);
            for (var count = reply.Varint() - 1; count > 0; count--) Partition(member, ref reply);
            reply.SkipTags();
        }

        _accepted += member.Accepting;
        member.Accepting = 0;
    }

    private void Partition(ShareMember member, ref WireReader reply)
    {
        var partition = reply.Int32();
        var error = reply.Int16();
        reply.SkipCompactText();
        var refused = reply.Int16();
        reply.SkipCompactText();
        if (error != 0 || refused != 0) throw new InvalidOperationException($"partition {partition} of a share fetch was answered with error {error}, its acknowledgements with {refused}");
        _ = reply.Take(2 * sizeof(int));
        reply.SkipTags();
        reply.SkipCompactText();
        for (var ranges = reply.Varint() - 1; ranges > 0; ranges--)
        {
            var (first, last) = (reply.Int64(), reply.Int64());
            reply.Int16();
            reply.SkipTags();
            member.Held.Add((partition, first, last));
            _acquired += last - first + 1;
        }

        reply.SkipTags();
    }
}
