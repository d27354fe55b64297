using Moldau.Broker.Partitions;

namespace Moldau.Broker.Coordinators;

/// <summary>Something to be done as a shard's only driver.</summary>
internal sealed class ShardWork(Action action) : PartitionWork
{
    public override void RunAsWriter() => action();
}
