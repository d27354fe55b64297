namespace Moldau.Broker.Partitions;

/// <summary>Something to be done as a partition's only writer. It is in at most one queue.</summary>
internal abstract class PartitionWork
{
    internal PartitionWork? NextWork { get; set; }

    /// <summary>Whether the turn is kept when it has run, until somebody gives it back.</summary>
    public virtual bool KeepsTurn => false;

    /// <summary>Whatever goes wrong is its own to tell: nobody else can.</summary>
    public abstract void RunAsWriter();
}
