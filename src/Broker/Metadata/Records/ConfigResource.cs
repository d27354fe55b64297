using System.Globalization;

namespace Moldau.Broker.Metadata.Records;

/// <summary>What has settings.</summary>
public readonly record struct ConfigResource(ConfigScope Scope, string Name)
{
    /// <summary>Of every node that has no setting of its own.</summary>
    public static ConfigResource AllNodes { get; } = new(ConfigScope.AllNodes, "");

    public static ConfigResource Node(int id) => new(ConfigScope.Node, id.ToString(CultureInfo.InvariantCulture));

    public static ConfigResource Topic(string name) => new(ConfigScope.Topic, name);

    public static ConfigResource Group(string id) => new(ConfigScope.Group, id);

    public static ConfigResource ClientMetrics(string name) => new(ConfigScope.ClientMetrics, name);
}
