using System.Collections.Concurrent;
using Moldau.Broker.Sharing;

namespace Moldau.Broker.Diagnostics.Counting;

/// <summary>What is counted of share groups one by one, and where the rest of it is asked for.</summary>
internal sealed class ShareCounts
{
    // Names come from clients, and groups go without saying so here.
    private const int MostGroups = 1_000;

    private readonly ConcurrentDictionary<string, long> _deadLetters = new(StringComparer.Ordinal);

    /// <summary>Null before the broker serves.</summary>
    public SharePartitions? Partitions { get; set; }

    /// <summary>Null before the broker serves.</summary>
    public ShareSessions? Sessions { get; set; }

    /// <summary>Records that each group gave up and that were copied; of the first groups only that have any.</summary>
    public IEnumerable<KeyValuePair<string, long>> DeadLetters => _deadLetters.OrderBy(static group => group.Key, StringComparer.Ordinal);

    public void CopyDeadLetters(string group, long records)
    {
        // A few more come in where they come at once.
        if (_deadLetters.Count >= MostGroups && !_deadLetters.ContainsKey(group)) return;
        _deadLetters.AddOrUpdate(group, static (_, added) => added, static (_, known, added) => known + added, records);
    }
}
