using System.Globalization;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Requests.Topics;
using Moldau.Protocol.Errors;

namespace Moldau.Broker.Requests.Configs;

/// <summary>What a request about settings names, by the protocol's numbers.</summary>
internal static class ConfigTarget
{
    public const sbyte Topic = 2;
    public const sbyte Broker = 4;
    public const sbyte BrokerLogger = 8;
    public const sbyte ClientMetrics = 16;
    public const sbyte Group = 32;

    /// <summary>Brokers and subscriptions are the cluster's.</summary>
    /// <exception cref="RequestRefusedException">Whoever asks may not.</exception>
    public static void Require(in Access access, AclOperation operation, sbyte type, string name)
    {
        if (type == Topic) access.Require(operation, AclResource.Topic, name);
        else if (type == Group) access.Require(operation, AclResource.Group, name);
        else if (type is Broker or BrokerLogger or ClientMetrics) access.Require(operation, AclResource.Cluster, Access.Cluster);
    }

    /// <summary>For the audit log.</summary>
    public static string Word(sbyte type) => type switch
    {
        Topic => "topic",
        Group => "group",
        Broker => "broker",
        BrokerLogger => "loggers of broker",
        _ => "client metrics",
    };

    /// <exception cref="RequestRefusedException">There is no such thing.</exception>
    public static ConfigResource Of(sbyte type, string name, MetadataImage image, int node)
    {
        switch (type)
        {
            case Topic:
                if (TopicName.Fault(name) is { } fault) throw new RequestRefusedException(ErrorCode.InvalidTopicException, fault);
                if (image.FindTopic(name) is null) throw new RequestRefusedException(ErrorCode.UnknownTopicOrPartition, $"there is no topic '{name}'");
                return ConfigResource.Topic(name);
            case Broker:
                return name.Length == 0 ? ConfigResource.AllNodes : ConfigResource.Node(NodeOf(name, node));
            case ClientMetrics:
                return ConfigResource.ClientMetrics(name);
            case Group:
                return ConfigResource.Group(name);
            default:
                throw new RequestRefusedException(ErrorCode.InvalidRequest, $"a resource of type {type}; 2 (topic), 4 (broker), 8 (broker logger), 16 (client metrics) and 32 (group) are known");
        }
    }

    public static int NodeOf(string name, int node) =>
        !int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? throw new RequestRefusedException(ErrorCode.InvalidRequest, $"'{name}' is no broker's id")
            : id != node ? throw new RequestRefusedException(ErrorCode.InvalidRequest, $"this is broker {node}, and broker {id}'s settings are its own to tell")
            : id;
}
