using Moldau.Broker.Diagnostics.Counting;
using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Broker.Quotas;
using Moldau.Broker.Requests.Data.Fetching;
using Moldau.Broker.Requests.Data.Producing;
using Moldau.Broker.Requests.Topics;
using Moldau.Broker.Security;
using Moldau.Broker.Security.Tokens;
using Moldau.Broker.Telemetry;
using Moldau.Broker.Timing;

namespace Moldau.Broker;

/// <summary>What the handlers of a broker are made from.</summary>
internal sealed record BrokerParts(
    BrokerOptions Options,
    LiveSettings Settings,
    IMetadataStore Store,
    MetadataFollower Metadata,
    PartitionHosting Hosting,
    HostedTopics Topics,
    DataFolders Folders,
    Delays Delays,
    UuidSource Ids,
    TopicCreator Creator,
    Coordinators.Coordinators Coordinators,
    ProducerIds ProducerIds,
    FetchSessions Sessions,
    DataCounts Counts,
    DelegationTokens Tokens,
    ClientQuotas Quotas,
    ClientTelemetry Telemetry,
    NetworkLog Log,
    AuditLog Audit);
