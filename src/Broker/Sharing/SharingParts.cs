using Moldau.Broker.Diagnostics.Counting;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Broker.Requests.Topics;
using Moldau.Broker.Timing;

namespace Moldau.Broker.Sharing;

/// <summary>What the leaders of share-partitions are made from.</summary>
internal sealed record SharingParts(HostedTopics Topics, MetadataFollower Metadata, LiveSettings Settings, IPeers Peers, Delays Delays, TimeProvider Clock, NetworkLog Log, TopicCreator Creator, DataCounts Counts);
