using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Metadata.Image;

/// <summary>
/// A topic's partitions by number, in chunks: a change copies the list of chunks and one chunk, so that it costs much the
/// same in a topic of ten partitions and in one of a hundred thousand. Never changed.
/// </summary>
internal sealed class PartitionTable
{
    internal const int ChunkBits = 7;
    internal const int ChunkSize = 1 << ChunkBits;

    private readonly Stored<PartitionRecord>?[][] _chunks;

    internal PartitionTable(Stored<PartitionRecord>?[][] chunks) => _chunks = chunks;

    public static PartitionTable Empty { get; } = new([]);

    public bool IsEmpty => _chunks.Length == 0;

    /// <summary>Null where there is none.</summary>
    public Stored<PartitionRecord>? this[int number]
    {
        get
        {
            var chunk = (uint)number >> ChunkBits;
            return chunk < (uint)_chunks.Length ? _chunks[chunk][number & (ChunkSize - 1)] : null;
        }
    }

    public PartitionTableEdit Edit() => new(_chunks);
}
