using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Settings;
using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker;

/// <summary>The settings that count at this moment: those of the start, and over them what the metadata says.</summary>
internal sealed class LiveSettings
{
    private readonly IReadOnlyDictionary<string, string> _start;
    private volatile BrokerSettings _current;
    private ConfigRecord? _node;
    private ConfigRecord? _allNodes;

    public LiveSettings(IReadOnlyDictionary<string, string> start)
    {
        _start = start;
        _current = BrokerSettings.Of(SettingLayers.Empty with { Start = start });
        Node = _current.NodeId;
    }

    public int Node { get; }

    public BrokerSettings Current => _current;

    /// <summary>Called with new settings, by whoever follows the metadata.</summary>
    public Action<BrokerSettings>? Changed { get; set; }

    /// <summary>Takes in what an image says. One caller at a time.</summary>
    public void Follow(MetadataImage image)
    {
        var node = image.Configs.GetValueOrDefault(ConfigResource.Node(Node))?.Record;
        var allNodes = image.Configs.GetValueOrDefault(ConfigResource.AllNodes)?.Record;
        if (ReferenceEquals(node, _node) && ReferenceEquals(allNodes, _allNodes)) return;
        (_node, _allNodes) = (node, allNodes);
        _current = BrokerSettings.Of(SettingLayers.Of(image, Node, _start));
        Changed?.Invoke(_current);
    }

    /// <summary>A topic's, with what this image says of it.</summary>
    public TopicSettings Topic(MetadataImage image, string name) => _current.Topic(SettingLayers.Values(image, ConfigResource.Topic(name)));

    /// <summary>The layers an image makes.</summary>
    public SettingLayers Layers(MetadataImage image) => SettingLayers.Of(image, Node, _start);
}
