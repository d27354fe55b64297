namespace Moldau.Bench.Load;

/// <summary>What members of groups and committers say, by hand as everything here.</summary>
internal static class GroupRequests
{
    public const string ProtocolType = "consumer";
    public const string Assignor = "range";

    /// <summary>Longer than the longest turn of somebody else, during which a broker stands still.</summary>
    private const int SessionMilliseconds = 30 * 60 * 1000;

    private const int RebalanceMilliseconds = 5 * 60 * 1000;
    private const int NoGeneration = -1;

    /// <param name="type">0: a group; 1: a transactional id.</param>
    public static byte[] FindCoordinator(string id, byte type)
    {
        var wire = Wire.Of(10, 2);
        wire.Text(id);
        wire.Byte(type);
        return wire.Finish();
    }

    /// <param name="member">Empty where it has no id yet.</param>
    public static byte[] Join(string group, string member, ReadOnlySpan<byte> subscription)
    {
        var wire = Wire.Of(11, 5);
        wire.Text(group);
        wire.Int32(SessionMilliseconds);
        wire.Int32(RebalanceMilliseconds);
        wire.Text(member);
        wire.Int16(-1);
        wire.Text(ProtocolType);
        wire.Int32(1);
        wire.Text(Assignor);
        wire.Bytes(subscription);
        return wire.Finish();
    }

    /// <param name="members">Of all, where the sender leads; none from others.</param>
    public static byte[] Sync(string group, int generation, string member, IReadOnlyList<string> members, ReadOnlySpan<byte> assignment)
    {
        var wire = Wire.Of(14, 3);
        Member(wire, group, generation, member);
        wire.Int32(members.Count);
        foreach (var one in members)
        {
            wire.Text(one);
            wire.Bytes(assignment);
        }

        return wire.Finish();
    }

    public static byte[] Heartbeat(string group, int generation, string member)
    {
        var wire = Wire.Of(12, 3);
        Member(wire, group, generation, member);
        return wire.Finish();
    }

    public static byte[] Leave(string group, IReadOnlyCollection<string> members)
    {
        var wire = Wire.Of(13, 3);
        wire.Text(group);
        wire.Int32(members.Count);
        foreach (var member in members)
        {
            wire.Text(member);
            wire.Int16(-1);
        }

        return wire.Finish();
    }

    /// <summary>Of nobody who is a member.</summary>
    public static byte[] Commit(string group, string topic, IReadOnlyList<int> partitions, long offset)
    {
        var wire = Wire.Of(8, 7);
        Member(wire, group, NoGeneration, "");
        wire.Int32(1);
        wire.Text(topic);
        wire.Int32(partitions.Count);
        foreach (var partition in partitions)
        {
            wire.Int32(partition);
            wire.Int64(offset);
            wire.Int32(-1);
            wire.Text("");
        }

        return wire.Finish();
    }

    public static byte[] FetchOffset(string group, string topic, int partition)
    {
        var wire = Wire.Of(9, 5);
        wire.Text(group);
        wire.Int32(1);
        wire.Text(topic);
        wire.Int32(1);
        wire.Int32(partition);
        return wire.Finish();
    }

    /// <summary>A consumer's subscription to one topic, with some bytes of its own.</summary>
    public static byte[] Subscription(string topic, byte own)
    {
        var wire = new Wire();
        wire.Int16(0);
        wire.Int32(1);
        wire.Text(topic);
        wire.Bytes([own]);
        return wire.Written().ToArray();
    }

    /// <summary>One partition of one topic.</summary>
    public static byte[] Assignment(string topic, int partition)
    {
        var wire = new Wire();
        wire.Int16(0);
        wire.Int32(1);
        wire.Text(topic);
        wire.Int32(1);
        wire.Int32(partition);
        wire.Int32(-1);
        return wire.Written().ToArray();
    }

    private static void Member(Wire wire, string group, int generation, string member)
    {
        wire.Text(group);
        wire.Int32(generation);
        wire.Text(member);
        wire.Int16(-1);
    }
}
