namespace Moldau.Broker.Timing;

/// <summary>Something that happens after a while, unless it is called off before. It can be scheduled again and again.</summary>
internal abstract class Delay
{
    internal const int NotScheduled = -1;

    internal long Due { get; set; }

    /// <summary>Its place in the heap.</summary>
    internal int Place { get; set; } = NotScheduled;

    /// <summary>Called on a thread of the pool, outside of any lock. It may come after a cancellation that was too late.</summary>
    public abstract void Elapsed();
}
