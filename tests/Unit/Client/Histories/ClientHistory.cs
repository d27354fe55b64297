using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;

namespace Moldau.Unit.Client.Histories;

/// <summary>What clients were told to do and what they told, in the order in which it happened to each.</summary>
internal sealed class ClientHistory
{
    public ConcurrentQueue<Sent> Sent { get; } = new();

    public ConcurrentQueue<Handled> Handled { get; } = new();

    /// <summary>By partition, what the log holds at the end, and where it begins.</summary>
    public Dictionary<int, (long Start, ImmutableArray<(long Offset, string Value)> Records)> Logs { get; } = [];

    /// <summary>By partition, what the group has committed at the end.</summary>
    public Dictionary<int, long> Committed { get; } = [];

    /// <summary>Everything that cannot be where clients keep their word; sorted, the first of each kind only.</summary>
    public IReadOnlyList<string> Faults(bool mayDouble = false)
    {
        var faults = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var sent = Sent.ToDictionary(static one => one.Value, StringComparer.Ordinal);
        foreach (var (partition, log) in Logs) CheckLog(partition, log.Records, sent, mayDouble, faults);
        CheckAcks(sent.Values, faults);
        CheckHandled(faults);
        CheckCommitted(faults);
        return [.. faults.Values];
    }

    private static void CheckLog(int partition, ImmutableArray<(long Offset, string Value)> records, Dictionary<string, Sent> sent, bool mayDouble, SortedDictionary<string, string> faults)
    {
        var last = new Dictionary<int, int>();
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (offset, value) in records)
        {
            if (!sent.TryGetValue(value, out var record) || record.Partition != partition)
            {
                faults.TryAdd("invented", Told($"invented: partition {partition} has '{value}' at {offset}, which nobody sent there"));
                continue;
            }

            if (seen.TryGetValue(value, out var before))
            {
                if (!mayDouble) faults.TryAdd("doubled", Told($"doubled: partition {partition} has '{value}' at {before} and at {offset}"));
                continue;
            }

            seen[value] = offset;
            if (last.TryGetValue(record.Producer, out var number) && number > record.Number)
                faults.TryAdd("reordered", Told($"reordered: partition {partition} has '{value}' at {offset} behind number {number} of the same producer"));
            last[record.Producer] = record.Number;
        }
    }

    private void CheckAcks(IEnumerable<Sent> sent, SortedDictionary<string, string> faults)
    {
        var offsets = ByOffset();
        var values = Logs.ToDictionary(static log => log.Key, static log => log.Value.Records.Select(static one => one.Value).ToHashSet(StringComparer.Ordinal));
        foreach (var record in sent)
        {
            if (record.Ack is not { } ack) continue;
            // Told without an offset where the broker had it already.
            var isThere = ack.Offset < 0 ? values[record.Partition].Contains(record.Value) : offsets[record.Partition].TryGetValue(ack.Offset, out var value) && value == record.Value;
            if (!isThere) faults.TryAdd("lost", Told($"lost: '{record.Value}' was confirmed at {ack.Where}@{ack.Offset}, and the log (from {Logs[record.Partition].Start}) does not have it there"));
        }
    }

    private Dictionary<int, Dictionary<long, string>> ByOffset() =>
        Logs.ToDictionary(static log => log.Key, static log => log.Value.Records.ToDictionary(static one => one.Offset, static one => one.Value));

    private void CheckHandled(SortedDictionary<string, string> faults)
    {
        var logs = ByOffset();
        var last = new Dictionary<(string, int, string), long>();
        foreach (var one in Handled)
        {
            if (!logs[one.Partition].TryGetValue(one.Offset, out var value) || value != one.Value)
                faults.TryAdd("misread", Told($"misread: partition {one.Partition}@{one.Offset} was handled as '{one.Value}', and the log has '{value ?? "nothing"}'"));
            var lane = (one.Reign, one.Partition, one.Key);
            if (last.TryGetValue(lane, out var before) && before >= one.Offset)
                faults.TryAdd("disorder", Told($"disorder: {one.Reign} handled partition {one.Partition}@{one.Offset} behind {before} of the same key"));
            last[lane] = one.Offset;
        }
    }

    private void CheckCommitted(SortedDictionary<string, string> faults)
    {
        var handled = Handled.Select(static one => (one.Partition, one.Offset)).ToHashSet();
        foreach (var (partition, committed) in Committed)
        {
            foreach (var (offset, value) in Logs[partition].Records)
            {
                if (offset < committed && !handled.Contains((partition, offset)))
                    faults.TryAdd("skipped", Told($"skipped: {committed} is committed of partition {partition}, and '{value}' at {offset} was handled by nobody"));
            }
        }
    }

    private static string Told(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
