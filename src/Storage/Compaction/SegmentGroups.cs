namespace Moldau.Storage.Compaction;

/// <summary>Which segments become one.</summary>
internal static class SegmentGroups
{
    /// <summary>
    /// Takes neighbours together as long as what they hold now would fit in one segment: by bytes, by entries of its
    /// indexes, and by offsets, which an index keeps in four bytes as the distance from the segment's first.
    /// </summary>
    /// <param name="segments">In the order of the log.</param>
    /// <param name="mostBytes">The most bytes of a segment.</param>
    /// <param name="mostIndexBytes">The most bytes of an index.</param>
    /// <returns>For each group how many segments it has.</returns>
    public static List<int> Of(ReadOnlySpan<SegmentFacts> segments, long mostBytes, long mostIndexBytes)
    {
        var groups = new List<int>();
        for (var first = 0; first < segments.Length;)
        {
            var start = segments[first];
            var (bytes, index, timeIndex) = (start.Bytes, start.IndexBytes, start.TimeIndexBytes);
            var next = first + 1;
            for (; next < segments.Length; next++)
            {
                var segment = segments[next];
                bytes += segment.Bytes;
                index += segment.IndexBytes;
                timeIndex += segment.TimeIndexBytes;
                if (bytes > mostBytes || index > mostIndexBytes || timeIndex > mostIndexBytes) break;
                // One that is empty has no offset to be held; else an empty log would be left behind every 2^31 records.
                if (segment.Bytes > 0 && segment.EndOffset - 1 - start.BaseOffset > int.MaxValue) break;
            }

            groups.Add(next - first);
            first = next;
        }

        return groups;
    }
}
