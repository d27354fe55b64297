using System.Collections.Immutable;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Topics;

/// <summary>Which nodes hold which partition of a topic that is to be: as asked for, or one node after the other.</summary>
internal readonly record struct ReplicaPlacement(IReadOnlyList<ImmutableArray<int>> Replicas, short Factor)
{
    /// <summary>More in one topic is a slip of the hand.</summary>
    private const int MostPartitions = 100_000;

    private const int Default = -1;

    private const string AllCordoned = "no new partitions are put on this broker: all its folders are in cordoned.log.dirs";

    public static ReplicaPlacement Of(int partitions, short factor, BrokerSettings settings, MetadataImage image)
    {
        if (partitions != Default && partitions <= 0)
            throw new RequestRefusedException(ErrorCode.InvalidPartitions, $"{partitions} partitions; a topic has one at least, and -1 stands for the default");
        if (partitions > MostPartitions) throw new RequestRefusedException(ErrorCode.InvalidPartitions, $"{partitions} partitions; {MostPartitions} are the most a topic may be made with");
        if (factor != Default && factor <= 0)
            throw new RequestRefusedException(ErrorCode.InvalidReplicationFactor, $"a replication factor of {factor}; it is 1 at least, and -1 stands for the default");
        if (settings.Folders.AreAllCordoned) throw new RequestRefusedException(ErrorCode.InvalidReplicationFactor, AllCordoned);
        var defaults = settings.Topics;
        var nodes = Nodes(image);
        var wanted = factor == Default ? (short)defaults.ReplicationFactor : factor;
        if (wanted > nodes.Length)
            throw new RequestRefusedException(ErrorCode.InvalidReplicationFactor, $"a replication factor of {wanted}, where {nodes.Length} broker(s) are registered");
        return new ReplicaPlacement(InTurn(partitions == Default ? defaults.Partitions : partitions, 0, wanted, nodes), wanted);
    }

    public static ReplicaPlacement Of(CreateTopicsRequest.Topic asked, MetadataImage image)
    {
        if (asked.NumPartitions != Default) throw new RequestRefusedException(ErrorCode.InvalidRequest, "both an assignment and a number of partitions; the number is -1 where replicas are assigned");
        if (asked.ReplicationFactor != Default) throw new RequestRefusedException(ErrorCode.InvalidRequest, "both an assignment and a replication factor; the factor is -1 where replicas are assigned");
        var replicas = new ImmutableArray<int>[asked.Assignments.Count];
        foreach (var assignment in asked.Assignments)
        {
            if ((uint)assignment.PartitionIndex >= (uint)replicas.Length || !replicas[assignment.PartitionIndex].IsDefault)
                throw new RequestRefusedException(ErrorCode.InvalidReplicaAssignment, $"partition {assignment.PartitionIndex} in an assignment of {replicas.Length}; they are numbered from 0, each once");
            replicas[assignment.PartitionIndex] = Checked(assignment.BrokerIds.Span, image);
        }

        Same(replicas, replicas[0].Length);
        return new ReplicaPlacement(replicas, (short)replicas[0].Length);
    }

    /// <summary>Of partitions that a topic gets besides those it has.</summary>
    public static IReadOnlyList<ImmutableArray<int>> Added(int from, int count, short factor, BrokerSettings settings, MetadataImage image) =>
        settings.Folders.AreAllCordoned ? throw new RequestRefusedException(ErrorCode.InvalidReplicationFactor, AllCordoned) : InTurn(count, from, factor, Nodes(image));

    public static ImmutableArray<int> Checked(ReadOnlySpan<int> nodes, MetadataImage image)
    {
        if (nodes.IsEmpty) throw new RequestRefusedException(ErrorCode.InvalidReplicaAssignment, "a partition without replicas");
        for (var i = 0; i < nodes.Length; i++)
        {
            if (!image.Nodes.ContainsKey(nodes[i])) throw new RequestRefusedException(ErrorCode.InvalidReplicaAssignment, $"a replica on broker {nodes[i]}, which is not registered");
            if (nodes[..i].Contains(nodes[i])) throw new RequestRefusedException(ErrorCode.InvalidReplicaAssignment, $"two replicas on broker {nodes[i]}");
        }

        return [.. nodes];
    }

    public static void Same(IReadOnlyList<ImmutableArray<int>> replicas, int factor)
    {
        foreach (var one in replicas)
        {
            if (one.Length != factor) throw new RequestRefusedException(ErrorCode.InvalidReplicaAssignment, $"{one.Length} replicas of one partition and {factor} of another");
        }
    }

    private static int[] Nodes(MetadataImage image) => [.. image.Nodes.Keys.Order()];

    private static ImmutableArray<int>[] InTurn(int partitions, int from, short factor, int[] nodes)
    {
        var replicas = new ImmutableArray<int>[partitions];
        for (var number = 0; number < partitions; number++)
        {
            var chosen = new int[factor];
            for (var i = 0; i < factor; i++) chosen[i] = nodes[(from + number + i) % nodes.Length];
            replicas[number] = [.. chosen];
        }

        return replicas;
    }
}
