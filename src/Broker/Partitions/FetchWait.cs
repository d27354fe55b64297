namespace Moldau.Broker.Partitions;

/// <summary>
/// A fetch that waits for partitions to have more. It is told under a lock and must not call back: it looks for itself,
/// where it runs, whether it has enough.
/// </summary>
internal abstract class FetchWait
{
    public abstract void Wake();
}
