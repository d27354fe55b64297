using Moldau.Broker.Settings.Snapshots;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Partitions;

/// <summary>A topic with its partitions on this node.</summary>
internal sealed class HostedTopic(string name, Uuid id, TopicSettings settings, Partition[] partitions)
{
    private volatile Partition[] _partitions = partitions;
    private volatile TopicSettings _settings = settings;

    public string Name { get; } = name;

    public Uuid Id { get; } = id;

    public TopicSettings Settings => _settings;

    /// <summary>By number; there may come more, never fewer.</summary>
    public IReadOnlyList<Partition> Partitions => _partitions;

    public Partition? Find(int number)
    {
        var partitions = _partitions;
        return (uint)number < (uint)partitions.Length ? partitions[number] : null;
    }

    public void Extend(Partition[] partitions) => _partitions = partitions;

    public void Apply(TopicSettings settings)
    {
        _settings = settings;
        foreach (var partition in _partitions)
        {
            if (partition.Log is { } log) log.Settings = settings.Log;
        }
    }
}
