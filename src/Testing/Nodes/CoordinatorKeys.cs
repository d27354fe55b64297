using Moldau.Protocol.Messages;

namespace Moldau.Testing.Nodes;

/// <summary>Whether a node coordinates what a request is about.</summary>
internal sealed class CoordinatorKeys(NodeSet nodes, int node)
{
    public bool AreHere(IMessage request) => request switch
    {
        OffsetCommitRequest commit => IsGroupHere(commit.GroupId),
        OffsetFetchRequest { Groups.Count: > 0 } fetch => fetch.Groups.All(group => IsGroupHere(group.GroupId)),
        OffsetFetchRequest fetch => IsGroupHere(fetch.GroupId),
        JoinGroupRequest join => IsGroupHere(join.GroupId),
        SyncGroupRequest sync => IsGroupHere(sync.GroupId),
        HeartbeatRequest heartbeat => IsGroupHere(heartbeat.GroupId),
        LeaveGroupRequest leave => IsGroupHere(leave.GroupId),
        ConsumerGroupHeartbeatRequest heartbeat => IsGroupHere(heartbeat.GroupId),
        TxnOffsetCommitRequest commit => IsGroupHere(commit.GroupId),
        OffsetDeleteRequest delete => IsGroupHere(delete.GroupId),
        DescribeGroupsRequest describe => describe.Groups.All(IsGroupHere),
        ConsumerGroupDescribeRequest describe => describe.GroupIds.All(IsGroupHere),
        DeleteGroupsRequest delete => delete.GroupsNames.All(IsGroupHere),
        InitProducerIdRequest init => init.TransactionalId is not { } id || AreTransactionsHere(id),
        AddPartitionsToTxnRequest { Transactions.Count: > 0 } add => add.Transactions.All(transaction => AreTransactionsHere(transaction.TransactionalId)),
        AddPartitionsToTxnRequest add => AreTransactionsHere(add.V3AndBelowTransactionalId),
        AddOffsetsToTxnRequest add => AreTransactionsHere(add.TransactionalId),
        EndTxnRequest end => AreTransactionsHere(end.TransactionalId),
        DescribeTransactionsRequest describe => describe.TransactionalIds.All(AreTransactionsHere),
        _ => true,
    };

    public bool IsGroupHere(string group) => nodes.CoordinatorOfGroup(group) == node;

    public bool AreTransactionsHere(string id) => nodes.CoordinatorOfTransactions(id) == node;
}
