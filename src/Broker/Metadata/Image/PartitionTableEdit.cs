using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Metadata.Image;

/// <summary>The next table in the making: copies each chunk the first time it is changed, and what was there stays as it was.</summary>
internal sealed class PartitionTableEdit(Stored<PartitionRecord>?[][] before)
{
    private static readonly Stored<PartitionRecord>?[] NoPartitions = new Stored<PartitionRecord>?[PartitionTable.ChunkSize];

    private readonly HashSet<int> _copied = [];
    private Stored<PartitionRecord>?[][] _chunks = [.. before];

    public void Set(int number, Stored<PartitionRecord>? state)
    {
        var chunk = number >> PartitionTable.ChunkBits;
        if (chunk >= _chunks.Length) Grow(chunk + 1);
        if (_copied.Add(chunk)) _chunks[chunk] = [.. _chunks[chunk]];
        _chunks[chunk][number & (PartitionTable.ChunkSize - 1)] = state;
    }

    public PartitionTable Finish()
    {
        var used = _chunks.Length;
        while (used > 0 && !Array.Exists(_chunks[used - 1], static state => state is not null)) used--;
        return used == 0 ? PartitionTable.Empty : new PartitionTable(used == _chunks.Length ? _chunks : _chunks[..used]);
    }

    private void Grow(int count)
    {
        var old = _chunks.Length;
        Array.Resize(ref _chunks, count);
        Array.Fill(_chunks, NoPartitions, old, count - old);
    }
}
