namespace Moldau.Bench.Load;

/// <summary>How many members of a group of KIP-848 are in the same epoch, and how many partitions all own together.</summary>
internal sealed class ConsumerLoadGroup(string name, int size, int partitions)
{
    private int _epoch;
    private int _agreed;
    private int _owned;

    public string Name { get; } = name;

    /// <summary>Each join raises the epoch: before it has passed their number somebody's join is in no target.</summary>
    public bool IsAgreed => _agreed == size && _epoch >= size && _owned == partitions;

    public void Changed(int oldEpoch, int oldPartitions, int newEpoch, int newPartitions)
    {
        _owned += newPartitions - oldPartitions;
        if (oldEpoch == _epoch && oldEpoch > 0) _agreed--;
        if (newEpoch > _epoch) (_epoch, _agreed) = (newEpoch, 0);
        if (newEpoch == _epoch && newEpoch > 0) _agreed++;
    }
}
