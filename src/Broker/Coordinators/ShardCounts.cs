namespace Moldau.Broker.Coordinators;

/// <summary>What one shard has done. Only its driver adds.</summary>
internal sealed class ShardCounts
{
    private long _events;
    private long _flights;
    private long _loaded;

    public long Events => Volatile.Read(ref _events);

    /// <summary>Writes into its partition, each of one batch or several.</summary>
    public long Flights => Volatile.Read(ref _flights);

    /// <summary>How long its last load took.</summary>
    public TimeSpan LoadTime => TimeSpan.FromTicks(Volatile.Read(ref _loaded));

    public void Event() => _events++;

    public void Fly() => _flights++;

    public void Load(TimeSpan took) => Volatile.Write(ref _loaded, took.Ticks);
}
