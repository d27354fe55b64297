using Moldau.Protocol.Records;

namespace Moldau.Compatibility.Records;

/// <summary>Tells where two batches, or two readings of one, first differ.</summary>
internal static class BatchComparison
{
    private static readonly (int Start, string Name)[] Fields =
    [
        (BatchLayout.BaseOffset, "base offset"), (BatchLayout.Length, "length"), (BatchLayout.LeaderEpoch, "leader epoch"),
        (BatchLayout.Magic, "magic"), (BatchLayout.Checksum, "checksum"), (BatchLayout.Attributes, "attributes"),
        (BatchLayout.LastOffsetDelta, "last offset delta"), (BatchLayout.BaseTimestamp, "base timestamp"),
        (BatchLayout.MaxTimestamp, "max timestamp"), (BatchLayout.ProducerId, "producer id"),
        (BatchLayout.ProducerEpoch, "producer epoch"), (BatchLayout.BaseSequence, "base sequence"),
        (BatchLayout.RecordCount, "record count"), (BatchLayout.Records, "records"),
    ];

    /// <returns>Null where they are the same. The checksum is named only where nothing else differs: it always follows.</returns>
    public static string? OfBytes(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        if (expected.SequenceEqual(actual)) return null;
        var differing = new List<string>();
        for (var i = 0; i < Fields.Length; i++)
        {
            var end = i + 1 < Fields.Length ? Fields[i + 1].Start : int.MaxValue;
            var theirs = Part(expected, Fields[i].Start, end);
            var ours = Part(actual, Fields[i].Start, end);
            if (theirs.SequenceEqual(ours)) continue;
            var first = theirs.CommonPrefixLength(ours);
            differing.Add($"{Fields[i].Name} (byte {Fields[i].Start + first}): expected {Excerpt(theirs, first)}, got {Excerpt(ours, first)}");
        }

        if (differing.Count > 1) differing.RemoveAll(field => field.StartsWith("checksum", StringComparison.Ordinal));
        return string.Join("\n", differing);
    }

    /// <returns>Null where they are the same.</returns>
    public static string? OfLines(IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var (theirs, ours) = (expected.ToList(), actual.ToList());
        for (var i = 0; i < Math.Max(theirs.Count, ours.Count); i++)
        {
            var (wanted, got) = (i < theirs.Count ? theirs[i] : "nothing", i < ours.Count ? ours[i] : "nothing");
            if (wanted != got) return $"{(i == 0 ? "header" : $"record {i - 1}")}:\n  expected {Short(wanted)}\n  got      {Short(got)}";
        }

        return null;
    }

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> bytes, int start, int end) =>
        start >= bytes.Length ? [] : bytes[start..Math.Min(end, bytes.Length)];

    private static string Excerpt(ReadOnlySpan<byte> bytes, int from) =>
        from >= bytes.Length ? "the end" : Convert.ToHexStringLower(bytes[from..Math.Min(bytes.Length, from + 8)]);

    private static string Short(string line) => line.Length <= 300 ? line : line[..300] + "...";
}
