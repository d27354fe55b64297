using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Partitions.Transactions;
using Moldau.Broker.Requests.Acls;
using Moldau.Broker.Requests.Cluster;
using Moldau.Broker.Requests.Configs;
using Moldau.Broker.Requests.Data;
using Moldau.Broker.Requests.Data.Fetching;
using Moldau.Broker.Requests.Data.Producing;
using Moldau.Broker.Requests.Groups;
using Moldau.Broker.Requests.Quotas;
using Moldau.Broker.Requests.Security;
using Moldau.Broker.Requests.Sharing;
using Moldau.Broker.Requests.Telemetry;
using Moldau.Broker.Requests.Topics;
using Moldau.Broker.Requests.Transactions;
using Moldau.Broker.Security.Sasl;
using Moldau.Broker.Sharing;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests;

/// <summary>Every API this broker serves, a row each: who serves it, what one must be allowed, and which quota it counts for.</summary>
internal static class ApiSurface
{
    public static RequestHandlers Build(BrokerParts parts)
    {
        var (options, topics, log, node) = (parts.Options, parts.Topics, parts.Log, parts.Settings.Node);
        var (creator, coordinators) = (parts.Creator, parts.Coordinators);
        var groups = coordinators.Groups;
        var sessions = parts.Sessions;
        var transactions = coordinators.Transactions;
        var changes = new ConfigChanges(parts.Store, parts.Metadata, parts.Hosting, parts.Settings, parts.Options.SmallFiles);
        var verifier = new TransactionVerifier(coordinators.Peers, () => parts.Settings.Current.Transactions.VerifiesPartitions, options.Clock);
        var sasl = new SaslServers(() => parts.Metadata.Current, parts.Tokens, options);
        var failures = new AuthenticationFailures(parts.Settings, parts.Delays, options.Clock, log);
        var consumers = () => Features.RequireConsumerGroups(parts.Metadata.Current, parts.Settings.Current);
        RequestHandlers? handlers = null;
        handlers = new RequestHandlers(
        [
            new ApiRow(ApiKey.Produce, new Produce(topics, parts.Delays, verifier, parts.Counts, options.Clock, options.Leads), QuotaKind.Produce, Topic(AclOperation.Write), Transaction(AclOperation.Write)) { IsExclusive = false },
            new ApiRow(ApiKey.Fetch, new Fetch(topics, sessions, parts.Delays, parts.Settings, parts.Counts, options.Leads), QuotaKind.Fetch, Topic(AclOperation.Read), Cluster(AclOperation.ClusterAction)) { IsExclusive = false },
            new ApiRow(ApiKey.ListOffsets, new ListOffsets(topics, options.Leads, log), QuotaKind.Request, Topic(AclOperation.Describe)),
            new ApiRow(ApiKey.Metadata, new Topics.Metadata(parts.Metadata, topics, creator, parts.Quotas, node, log), QuotaKind.Request, Topic(AclOperation.Describe), Cluster(AclOperation.Create), Topic(AclOperation.Create), Cluster(AclOperation.Describe)),
            new ApiRow(ApiKey.OffsetCommit, new OffsetCommit(groups, parts.Metadata, log), QuotaKind.Request, Group(AclOperation.Read), Topic(AclOperation.Read)),
            new ApiRow(ApiKey.OffsetFetch, new OffsetFetch(groups, parts.Metadata, log), QuotaKind.Request, Group(AclOperation.Describe), Topic(AclOperation.Describe)),
            new ApiRow(ApiKey.FindCoordinator, new FindCoordinator(parts.Metadata, coordinators, node, log), QuotaKind.Request, Group(AclOperation.Describe), Transaction(AclOperation.Describe), Cluster(AclOperation.ClusterAction)),
            new ApiRow(ApiKey.JoinGroup, new JoinGroup(groups, log), QuotaKind.Request, Group(AclOperation.Read)) { KeepsFrame = true },
            new ApiRow(ApiKey.Heartbeat, new Heartbeat(groups, log), QuotaKind.Request, Group(AclOperation.Read)),
            new ApiRow(ApiKey.LeaveGroup, new LeaveGroup(groups, log), QuotaKind.Request, Group(AclOperation.Read)),
            new ApiRow(ApiKey.SyncGroup, new SyncGroup(groups, log), QuotaKind.Request, Group(AclOperation.Read)) { KeepsFrame = true },
            new ApiRow(ApiKey.DescribeGroups, new DescribeGroups(groups, log), QuotaKind.Request, Group(AclOperation.Describe)),
            new ApiRow(ApiKey.ListGroups, new ListGroups(groups, log), QuotaKind.Request, Cluster(AclOperation.Describe), Group(AclOperation.Describe)),
            new ApiRow(ApiKey.SaslHandshake, new SaslHandshake(parts.Settings, sasl, failures, log), QuotaKind.None),
            new ApiRow(ApiKey.SaslAuthenticate, new SaslAuthenticate(parts.Settings, options.Clock, failures, log), QuotaKind.None) { RunsOnPool = true, KeepsFrame = true },
            new ApiRow(ApiKey.ApiVersions, new ApiVersions(() => handlers!, parts.Metadata, log), QuotaKind.Request),
            new ApiRow(ApiKey.CreateTopics, new CreateTopics(parts.Metadata, creator, parts.Settings, parts.Quotas, log), QuotaKind.ControllerMutation, Cluster(AclOperation.Create), Topic(AclOperation.Create), Topic(AclOperation.DescribeConfigs)) { RunsOnPool = true },
            new ApiRow(ApiKey.DeleteTopics, new DeleteTopics(parts.Store, parts.Metadata, parts.Hosting, parts.Settings, parts.Quotas, log), QuotaKind.ControllerMutation, Cluster(AclOperation.Delete), Topic(AclOperation.Delete), Topic(AclOperation.Describe)) { RunsOnPool = true },
            new ApiRow(ApiKey.DeleteRecords, new DeleteRecords(topics, parts.Folders, log), QuotaKind.Request, Topic(AclOperation.Delete)) { RunsOnPool = true },
            new ApiRow(ApiKey.InitProducerId, new InitProducerId(parts.ProducerIds, transactions, log), QuotaKind.Request, Transaction(AclOperation.Write), Cluster(AclOperation.IdempotentWrite), Topic(AclOperation.Write)),
            new ApiRow(ApiKey.OffsetForLeaderEpoch, new OffsetForLeaderEpoch(topics, options.Leads, log), QuotaKind.Request, Cluster(AclOperation.ClusterAction), Topic(AclOperation.Describe)),
            new ApiRow(ApiKey.AddPartitionsToTxn, new AddPartitionsToTxn(transactions, topics, log), QuotaKind.Request, Transaction(AclOperation.Write), Topic(AclOperation.Write), Cluster(AclOperation.ClusterAction)),
            new ApiRow(ApiKey.AddOffsetsToTxn, new AddOffsetsToTxn(transactions, coordinators.Groups, log), QuotaKind.Request, Transaction(AclOperation.Write), Group(AclOperation.Read)),
            new ApiRow(ApiKey.EndTxn, new EndTxn(transactions, log), QuotaKind.Request, Transaction(AclOperation.Write)),
            new ApiRow(ApiKey.WriteTxnMarkers, new WriteTxnMarkers(coordinators.Markers, log), QuotaKind.None, Whole(AclOperation.Alter), Whole(AclOperation.ClusterAction)),
            new ApiRow(ApiKey.TxnOffsetCommit, new TxnOffsetCommit(groups, verifier, parts.Metadata, log), QuotaKind.Request, Transaction(AclOperation.Write), Group(AclOperation.Read), Topic(AclOperation.Read)),
            new ApiRow(ApiKey.DescribeAcls, new DescribeAcls(parts.Metadata, parts.Settings, log), QuotaKind.Request, Whole(AclOperation.Describe)),
            new ApiRow(ApiKey.CreateAcls, new CreateAcls(parts.Store, parts.Metadata, parts.Settings, log), QuotaKind.ControllerMutation, Whole(AclOperation.Alter)) { RunsOnPool = true },
            new ApiRow(ApiKey.DeleteAcls, new DeleteAcls(parts.Store, parts.Metadata, parts.Settings, log), QuotaKind.ControllerMutation, Whole(AclOperation.Alter)) { RunsOnPool = true },
            new ApiRow(ApiKey.DescribeConfigs, new DescribeConfigs(parts.Metadata, parts.Settings, options.LogLevels, log), QuotaKind.Request, Topic(AclOperation.DescribeConfigs), Cluster(AclOperation.DescribeConfigs), Group(AclOperation.DescribeConfigs)),
            new ApiRow(ApiKey.AlterConfigs, new ReplaceConfigs(changes, log), QuotaKind.Request, Topic(AclOperation.AlterConfigs), Cluster(AclOperation.AlterConfigs), Group(AclOperation.AlterConfigs)) { RunsOnPool = true },
            new ApiRow(ApiKey.AlterReplicaLogDirs, new AlterReplicaLogDirs(parts.Hosting, log), QuotaKind.Request, Whole(AclOperation.Alter)) { RunsOnPool = true },
            new ApiRow(ApiKey.DescribeLogDirs, new DescribeLogDirs(topics, parts.Folders, parts.Hosting.Moves!, options.Disk, parts.Settings, log), QuotaKind.Request, Whole(AclOperation.Describe)) { RunsOnPool = true },
            new ApiRow(ApiKey.CreatePartitions, new CreatePartitions(parts.Store, parts.Metadata, parts.Hosting, parts.Settings, parts.Quotas, log), QuotaKind.ControllerMutation, Topic(AclOperation.Alter)) { RunsOnPool = true },
            new ApiRow(ApiKey.CreateDelegationToken, new CreateDelegationToken(parts.Store, parts.Metadata, parts.Tokens, parts.Ids, parts.Settings, options.Clock, log), QuotaKind.ControllerMutation, new AccessCheck(AclOperation.CreateTokens, AclResource.User)) { RunsOnPool = true },
            new ApiRow(ApiKey.RenewDelegationToken, new RenewDelegationToken(parts.Store, parts.Metadata, parts.Tokens, parts.Settings, options.Clock, log), QuotaKind.ControllerMutation) { RunsOnPool = true, KeepsFrame = true },
            new ApiRow(ApiKey.ExpireDelegationToken, new ExpireDelegationToken(parts.Store, parts.Metadata, parts.Tokens, options.Clock, log), QuotaKind.ControllerMutation) { RunsOnPool = true, KeepsFrame = true },
            new ApiRow(ApiKey.DescribeDelegationToken, new DescribeDelegationToken(parts.Tokens, log), QuotaKind.Request, new AccessCheck(AclOperation.Describe, AclResource.DelegationToken), new AccessCheck(AclOperation.DescribeTokens, AclResource.User)),
            new ApiRow(ApiKey.DeleteGroups, new DeleteGroups(groups, log), QuotaKind.Request, Group(AclOperation.Delete)),
            new ApiRow(ApiKey.ElectLeaders, new ElectLeaders(parts.Metadata, log), QuotaKind.Request, Whole(AclOperation.Alter)),
            new ApiRow(ApiKey.IncrementalAlterConfigs, new IncrementalAlterConfigs(changes, options.LogLevels, parts.Settings, log), QuotaKind.Request, Topic(AclOperation.AlterConfigs), Cluster(AclOperation.AlterConfigs), Group(AclOperation.AlterConfigs)) { RunsOnPool = true },
            new ApiRow(ApiKey.AlterPartitionReassignments, new AlterPartitionReassignments(parts.Metadata, log), QuotaKind.Request, Whole(AclOperation.Alter)),
            new ApiRow(ApiKey.ListPartitionReassignments, new ListPartitionReassignments(log), QuotaKind.Request, Whole(AclOperation.Describe)),
            new ApiRow(ApiKey.OffsetDelete, new OffsetDelete(groups, parts.Metadata, log), QuotaKind.Request, Group(AclOperation.Delete), Topic(AclOperation.Read)),
            new ApiRow(ApiKey.DescribeClientQuotas, new DescribeClientQuotas(parts.Metadata, log), QuotaKind.Request, Whole(AclOperation.DescribeConfigs)),
            new ApiRow(ApiKey.AlterClientQuotas, new AlterClientQuotas(parts.Store, parts.Metadata, log), QuotaKind.Request, Whole(AclOperation.AlterConfigs)) { RunsOnPool = true },
            new ApiRow(ApiKey.DescribeUserScramCredentials, new DescribeUserScramCredentials(parts.Metadata, log), QuotaKind.Request, Whole(AclOperation.Describe)),
            new ApiRow(ApiKey.AlterUserScramCredentials, new AlterUserScramCredentials(parts.Store, parts.Metadata, log), QuotaKind.ControllerMutation, Whole(AclOperation.Alter)) { RunsOnPool = true, KeepsFrame = true },
            new ApiRow(ApiKey.DescribeQuorum, new DescribeQuorum(parts.Metadata, options.Clock, node, log), QuotaKind.Request, Whole(AclOperation.Describe)),
            new ApiRow(ApiKey.UpdateFeatures, new UpdateFeatures(parts.Store, parts.Metadata, log), QuotaKind.Request, Whole(AclOperation.Alter)) { RunsOnPool = true },
            new ApiRow(ApiKey.DescribeCluster, new DescribeCluster(parts.Metadata, node, log), QuotaKind.Request, Cluster(AclOperation.Describe)),
            new ApiRow(ApiKey.DescribeProducers, new DescribeProducers(topics, log), QuotaKind.Request, Topic(AclOperation.Read)),
            new ApiRow(ApiKey.UnregisterBroker, new UnregisterBroker(parts.Store, parts.Metadata, node, log), QuotaKind.Request, Whole(AclOperation.Alter)) { RunsOnPool = true },
            new ApiRow(ApiKey.DescribeTransactions, new DescribeTransactions(transactions, log), QuotaKind.Request, Transaction(AclOperation.Describe), Topic(AclOperation.Describe)),
            new ApiRow(ApiKey.ListTransactions, new ListTransactions(transactions, log), QuotaKind.Request, Transaction(AclOperation.Describe)),
            new ApiRow(ApiKey.ConsumerGroupHeartbeat, new ConsumerGroupHeartbeat(groups, log), QuotaKind.Request, Group(AclOperation.Read), Topic(AclOperation.Describe)) { Requires = consumers },
            new ApiRow(ApiKey.ConsumerGroupDescribe, new ConsumerGroupDescribe(groups, log), QuotaKind.Request, Group(AclOperation.Describe), Topic(AclOperation.Describe)) { Requires = consumers },
            new ApiRow(ApiKey.GetTelemetrySubscriptions, new GetTelemetrySubscriptions(parts.Telemetry, parts.Settings, log), QuotaKind.Request),
            new ApiRow(ApiKey.PushTelemetry, new PushTelemetry(parts.Telemetry, parts.Settings, log), QuotaKind.Request) { RunsOnPool = true, KeepsFrame = true },
            new ApiRow(ApiKey.ListConfigResources, new ListConfigResources(parts.Metadata, log), QuotaKind.Request, Whole(AclOperation.DescribeConfigs)),
            new ApiRow(ApiKey.DescribeTopicPartitions, new DescribeTopicPartitions(parts.Metadata, topics, parts.Settings, node, log), QuotaKind.Request, Topic(AclOperation.Describe)),
            .. ShareGroups(parts),
            .. StreamsGroups(parts),
        ]);
        var rules = parts.Settings.Current.Authorizer;
        var authorizer = rules.IsOn ? options.Authorizes(parts.Metadata, rules, parts.Audit) : null;
        foreach (var row in handlers.All)
        {
            row.Handler = options.Wrap(row.Api.Key, row.Handler);
            (row.Authorizer, row.Audit) = (authorizer, parts.Audit);
        }

        return handlers;
    }

    private static ApiRow[] StreamsGroups(BrokerParts parts)
    {
        var (groups, log) = (parts.Coordinators.Groups, parts.Log);
        var internals = new InternalTopics(parts.Metadata, parts.Creator, parts.Settings, parts.Options.Clock, log);
        var required = () => Features.RequireStreamsGroups(parts.Metadata.Current, parts.Settings.Current);
        return
        [
            new ApiRow(ApiKey.StreamsGroupHeartbeat, new StreamsGroupHeartbeat(groups, internals, parts.Metadata, parts.Settings, parts.Quotas, log), QuotaKind.Request, Group(AclOperation.Read), Topic(AclOperation.Describe), Cluster(AclOperation.Create), Topic(AclOperation.Create)) { Requires = required },
            new ApiRow(ApiKey.StreamsGroupDescribe, new StreamsGroupDescribe(groups, log), QuotaKind.Request, Group(AclOperation.Describe), Topic(AclOperation.Describe)) { Requires = required },
        ];
    }

    private static ApiRow[] ShareGroups(BrokerParts parts)
    {
        var (groups, states, peers, log) = (parts.Coordinators.Groups, parts.Coordinators.ShareStates, parts.Coordinators.Peers, parts.Log);
        var required = () => Features.RequireShareGroups(parts.Metadata.Current);
        var partitions = new SharePartitions(new SharingParts(parts.Topics, parts.Metadata, parts.Settings, parts.Coordinators.Peers, parts.Delays, parts.Options.Clock, parts.Log, parts.Creator, parts.Counts));
        var sessions = new ShareSessions(partitions);
        (parts.Counts.Shares.Partitions, parts.Counts.Shares.Sessions) = (partitions, sessions);
        return
        [
            new ApiRow(ApiKey.ShareGroupHeartbeat, new ShareGroupHeartbeat(groups, log), QuotaKind.Request, Group(AclOperation.Read), Topic(AclOperation.Describe)) { Requires = required },
            new ApiRow(ApiKey.ShareGroupDescribe, new ShareGroupDescribe(groups, log), QuotaKind.Request, Group(AclOperation.Describe), Topic(AclOperation.Describe)) { Requires = required },
            new ApiRow(ApiKey.ShareFetch, new ShareFetch(partitions, sessions, parts.Log), QuotaKind.Fetch, Group(AclOperation.Read), Topic(AclOperation.Read)) { Requires = required },
            new ApiRow(ApiKey.ShareAcknowledge, new ShareAcknowledge(partitions, sessions, parts.Log), QuotaKind.Request, Group(AclOperation.Read), Topic(AclOperation.Read)) { Requires = required },
            new ApiRow(ApiKey.InitializeShareGroupState, new ShareStateHandler<InitializeShareGroupStateRequest, InitializeShareGroupStateResponse>(states, log), QuotaKind.None, Whole(AclOperation.ClusterAction)),
            new ApiRow(ApiKey.ReadShareGroupState, new ShareStateHandler<ReadShareGroupStateRequest, ReadShareGroupStateResponse>(states, log), QuotaKind.None, Whole(AclOperation.ClusterAction)),
            new ApiRow(ApiKey.WriteShareGroupState, new ShareStateHandler<WriteShareGroupStateRequest, WriteShareGroupStateResponse>(states, log), QuotaKind.None, Whole(AclOperation.ClusterAction)),
            new ApiRow(ApiKey.DeleteShareGroupState, new ShareStateHandler<DeleteShareGroupStateRequest, DeleteShareGroupStateResponse>(states, log), QuotaKind.None, Whole(AclOperation.ClusterAction)),
            new ApiRow(ApiKey.ReadShareGroupStateSummary, new ShareStateHandler<ReadShareGroupStateSummaryRequest, ReadShareGroupStateSummaryResponse>(states, log), QuotaKind.None, Whole(AclOperation.ClusterAction)),
            new ApiRow(ApiKey.DescribeShareGroupOffsets, new DescribeShareGroupOffsets(groups, parts.Topics, peers, log), QuotaKind.Request, Group(AclOperation.Describe), Topic(AclOperation.Describe)) { Requires = required },
            new ApiRow(ApiKey.AlterShareGroupOffsets, new AlterShareGroupOffsets(groups, log), QuotaKind.Request, Group(AclOperation.Read), Topic(AclOperation.Read)) { Requires = required },
            new ApiRow(ApiKey.DeleteShareGroupOffsets, new DeleteShareGroupOffsets(groups, log), QuotaKind.Request, Group(AclOperation.Delete), Topic(AclOperation.Read)) { Requires = required },
        ];
    }

    private static AccessCheck Topic(AclOperation operation) => new(operation, AclResource.Topic);

    /// <summary>Of the cluster, and decides over the whole request.</summary>
    private static AccessCheck Whole(AclOperation operation) => new(operation, AclResource.Cluster) { IsWhole = true };

    private static AccessCheck Group(AclOperation operation) => new(operation, AclResource.Group);

    private static AccessCheck Cluster(AclOperation operation) => new(operation, AclResource.Cluster);

    private static AccessCheck Transaction(AclOperation operation) => new(operation, AclResource.TransactionalId);
}
