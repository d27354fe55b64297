using Moldau.Broker.Metadata.Image;

namespace Moldau.Broker.Partitions;

/// <summary>What the hosting does next: it follows a change of the metadata, or a folder that has gone offline, or does what somebody asks for.</summary>
internal readonly record struct HostingStep(MetadataUpdate? Update = null, BrokerFolder? Failed = null, Action? Asked = null);
