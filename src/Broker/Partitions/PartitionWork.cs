namespace Moldau.Broker.Partitions;

/// <summary>Something to be done as a partition's only writer. It is in at most one queue.</summary>
internal abstract class PartitionWork
{
    internal PartitionWork? NextWork { get; set; }

    /// <summary>Whatever goes wrong is its own to tell: nobody else can.</summary>
    public abstract void RunAsWriter();
}
