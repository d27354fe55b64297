namespace Moldau.Bench.Load;

/// <summary>What members of share groups say.</summary>
internal static class ShareRequests
{
    public const int Opening = 0;
    public const int Closing = -1;
    public const int UuidBytes = 16;

    private const sbyte Accept = 1;
    private const int WaitMilliseconds = 500;
    private const int MostBytes = 1 << 20;

    /// <summary>What Java's consumer asks for at once.</summary>
    private const int MostRecords = 500;

    /// <param name="topic">Null where it was said before.</param>
    public static byte[] Heartbeat(string group, string member, int epoch, string? topic)
    {
        var wire = Wire.Flexible(76, 1);
        wire.CompactText(group);
        wire.CompactText(member);
        wire.Int32(epoch);
        wire.CompactText(null);
        wire.Varint(topic is null ? 0 : 2);
        if (topic is not null) wire.CompactText(topic);
        wire.Byte(0);
        return wire.Finish();
    }

    /// <summary>Acknowledges what is given, and asks for more unless it closes the session.</summary>
    /// <param name="group">The group.</param>
    /// <param name="member">Who asks.</param>
    /// <param name="epoch">Of its session.</param>
    /// <param name="topic">Its id.</param>
    /// <param name="partitions">Those that are new to the session.</param>
    /// <param name="accepted">Ranges by partitions.</param>
    /// <param name="mostRecords">How many are asked for.</param>
    public static byte[] Fetch(string group, string member, int epoch, ReadOnlySpan<byte> topic, int partitions, List<(int Partition, long First, long Last)> accepted, int mostRecords = MostRecords)
    {
        var wire = Wire.Flexible(78, 1);
        wire.CompactText(group);
        wire.CompactText(member);
        wire.Int32(epoch);
        wire.Int32(epoch == Closing ? 0 : WaitMilliseconds);
        wire.Int32(epoch == Closing ? 0 : 1);
        wire.Int32(epoch == Closing ? 0 : MostBytes);
        wire.Int32(epoch == Closing ? 0 : mostRecords);
        wire.Int32(mostRecords);
        Topics(wire, topic, partitions, accepted);
        wire.Varint(1);
        wire.Byte(0);
        return wire.Finish();
    }

    private static void Topics(Wire wire, ReadOnlySpan<byte> topic, int partitions, List<(int Partition, long First, long Last)> accepted)
    {
        var named = partitions > 0 ? partitions : accepted.Select(static range => range.Partition).Distinct().Count();
        if (named == 0)
        {
            wire.Varint(1);
            return;
        }

        wire.Varint(2);
        wire.Raw(topic);
        wire.Varint(named + 1);
        for (var partition = 0; partition < partitions; partition++) Partition(wire, partition, []);
        if (partitions == 0)
        {
            foreach (var ranges in accepted.GroupBy(static range => range.Partition)) Partition(wire, ranges.Key, [.. ranges]);
        }

        wire.Byte(0);
    }

    private static void Partition(Wire wire, int partition, List<(int Partition, long First, long Last)> accepted)
    {
        wire.Int32(partition);
        wire.Varint(accepted.Count + 1);
        foreach (var (_, first, last) in accepted)
        {
            wire.Int64(first);
            wire.Int64(last);
            wire.Varint(2);
            wire.Byte((byte)Accept);
            wire.Byte(0);
        }

        wire.Byte(0);
    }
}
