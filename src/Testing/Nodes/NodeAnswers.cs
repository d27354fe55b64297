using Moldau.Broker.Partitions;
using Moldau.Broker.Requests;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Testing.Nodes;

/// <summary>Brings what the one broker answered to what a cluster of its nodes would say.</summary>
internal sealed class NodeAnswers(NodeSet nodes)
{
    private const short ProduceWithLeader = 10;
    private const short FetchWithLeader = 12;
    private const short FetchWithEndpoints = 16;
    private const sbyte GroupKey = 0;
    private const sbyte TransactionKey = 1;

    public void Finish(Exchange exchange)
    {
        switch (exchange.Response)
        {
            case MetadataResponse metadata:
                Finish(metadata);
                break;
            case DescribeClusterResponse { ErrorCode: ErrorCode.None } cluster:
                cluster.Brokers.Clear();
                foreach (var node in nodes.Ids) cluster.Brokers.Add(new DescribeClusterResponse.Broker { BrokerId = node, Host = Host(node), Port = Port(node) });
                break;
            case DescribeTopicPartitionsResponse described:
                Finish(described);
                break;
            case FindCoordinatorResponse found:
                Finish((FindCoordinatorRequest)exchange.Request, found);
                break;
            case ProduceResponse produced when exchange.Version >= ProduceWithLeader:
                Finish(produced);
                break;
            case FetchResponse fetched when exchange.Version >= FetchWithLeader:
                Finish(fetched, exchange.Version >= FetchWithEndpoints);
                break;
            case ListGroupsResponse list:
                Keep(list, nodes.NodeAt(exchange.Connection.Listener));
                break;
            case ListTransactionsResponse list:
                Keep(list, nodes.NodeAt(exchange.Connection.Listener));
                break;
        }
    }

    private void Finish(MetadataResponse metadata)
    {
        if (metadata.Brokers.Count == 0) return;
        metadata.Brokers.Clear();
        foreach (var node in nodes.Ids) metadata.Brokers.Add(new MetadataResponse.Broker { NodeId = node, Host = Host(node), Port = Port(node) });
        foreach (var topic in metadata.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                if (partition.LeaderId >= 0) partition.LeaderId = nodes.Places.LeaderOf(topic.TopicId, partition.PartitionIndex, partition.LeaderEpoch);
                TakeAll(partition.ReplicaNodes);
                TakeAll(partition.IsrNodes);
            }
        }
    }

    private void Finish(DescribeTopicPartitionsResponse described)
    {
        foreach (var topic in described.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                if (partition.LeaderId >= 0) partition.LeaderId = nodes.Places.LeaderOf(topic.TopicId, partition.PartitionIndex, partition.LeaderEpoch);
                TakeAll(partition.ReplicaNodes);
                TakeAll(partition.IsrNodes);
            }
        }
    }

    private void TakeAll(WireList<int> replicas)
    {
        replicas.Clear();
        foreach (var node in nodes.Ids) replicas.Add(node);
    }

    private void Finish(FindCoordinatorRequest request, FindCoordinatorResponse found)
    {
        if (request.KeyType is not (GroupKey or TransactionKey)) return;
        // Before version 4, and -1 or an error where there is none.
        if (found.NodeId == nodes.First && found.Host.Length > 0)
        {
            found.NodeId = CoordinatorOf(request.KeyType, request.Key);
            (found.Host, found.Port) = (Host(found.NodeId), Port(found.NodeId));
        }

        foreach (var one in found.Coordinators)
        {
            if (one.ErrorCode != ErrorCode.None) continue;
            one.NodeId = CoordinatorOf(request.KeyType, one.Key);
            (one.Host, one.Port) = (Host(one.NodeId), Port(one.NodeId));
        }
    }

    private void Finish(ProduceResponse produced)
    {
        foreach (var topic in produced.Responses)
        {
            foreach (var answer in topic.PartitionResponses)
            {
                if (answer.ErrorCode != ErrorCode.NotLeaderOrFollower || Find(topic.Name, topic.TopicId, answer.Index) is not { } partition) continue;
                (answer.CurrentLeader.LeaderId, answer.CurrentLeader.LeaderEpoch) = LeaderOf(partition);
                Tell(answer.CurrentLeader.LeaderId);
            }
        }

        void Tell(int node)
        {
            if (!produced.NodeEndpoints.Any(told => told.NodeId == node)) produced.NodeEndpoints.Add(new ProduceResponse.NodeEndpoint { NodeId = node, Host = Host(node), Port = Port(node) });
        }
    }

    private void Finish(FetchResponse fetched, bool tellsEndpoints)
    {
        foreach (var topic in fetched.Responses)
        {
            foreach (var answer in topic.Partitions)
            {
                if (answer.ErrorCode is not (ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch) || Find(topic.Topic, topic.TopicId, answer.PartitionIndex) is not { } partition) continue;
                (answer.CurrentLeader.LeaderId, answer.CurrentLeader.LeaderEpoch) = LeaderOf(partition);
                if (tellsEndpoints) Tell(answer.CurrentLeader.LeaderId);
            }
        }

        void Tell(int node)
        {
            if (!fetched.NodeEndpoints.Any(told => told.NodeId == node)) fetched.NodeEndpoints.Add(new FetchResponse.NodeEndpoint { NodeId = node, Host = Host(node), Port = Port(node) });
        }
    }

    /// <summary>Whoever wants all of them asks every node.</summary>
    private void Keep(ListGroupsResponse list, int node)
    {
        var keys = new CoordinatorKeys(nodes, node);
        var kept = list.Groups.Where(group => keys.IsGroupHere(group.GroupId)).ToList();
        list.Groups.Clear();
        foreach (var group in kept) list.Groups.Add(group);
    }

    private void Keep(ListTransactionsResponse list, int node)
    {
        var keys = new CoordinatorKeys(nodes, node);
        var kept = list.TransactionStates.Where(state => keys.AreTransactionsHere(state.TransactionalId)).ToList();
        list.TransactionStates.Clear();
        foreach (var state in kept) list.TransactionStates.Add(state);
    }

    private int CoordinatorOf(sbyte keyType, string key) => keyType == GroupKey ? nodes.CoordinatorOfGroup(key) : nodes.CoordinatorOfTransactions(key);

    private Partition? Find(string name, Uuid id, int number) =>
        (id.IsZero ? nodes.Server!.Topics.Find(name) : nodes.Server!.Topics.Find(id))?.Find(number);

    private (int Node, int Epoch) LeaderOf(Partition partition)
    {
        var epoch = partition.LeaderEpoch;
        return (nodes.Places.LeaderOf(partition.TopicId, partition.Number, epoch), epoch);
    }

    private string Host(int node) => nodes.AddressOf(node).Address.ToString();

    private int Port(int node) => nodes.AddressOf(node).Port;
}
