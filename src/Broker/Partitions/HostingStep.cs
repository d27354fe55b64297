using Moldau.Broker.Metadata.Image;

namespace Moldau.Broker.Partitions;

/// <summary>What the hosting does next: it follows a change of the metadata, or a folder that has gone offline.</summary>
internal readonly record struct HostingStep(MetadataUpdate? Update, BrokerFolder? Failed);
