using Moldau.Protocol.Primitives;

namespace Moldau.Unit.Broker.Metadata.Simulation;

/// <summary>A topic that was seen: from the revision that gave it its name to the one that took it.</summary>
internal sealed record TopicLife(string Name, Uuid Id, int Partitions, long From)
{
    public long To { get; set; } = long.MaxValue;

    /// <summary>Whether there was a moment between the two, both included, at which it was there.</summary>
    public bool WasThere(long start, long end) => From <= end && To > start;

    /// <summary>Whether it was there all the time between the two.</summary>
    public bool WasThereThroughout(long start, long end) => From <= start && To > end;
}
