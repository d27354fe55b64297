using Moldau.Storage.Checkpoints;

namespace Moldau.Storage.Indexes;

/// <summary>What the files of all indexes have in common: entries of one size, and nothing else.</summary>
internal static class EntryBytes
{
    public const string Advice = "delete the file: the index is then built again from its segment";

    public static void CheckLength(ReadOnlySpan<byte> bytes, int entrySize, string path)
    {
        var beyond = bytes.Length % entrySize;
        if (beyond == 0) return;
        throw DamagedFileException.AtByte(
            path, bytes.Length - beyond, $"an entry of {entrySize} bytes or the end of the file", $"{beyond} bytes", Advice);
    }

    /// <summary>Kafka makes an active segment's indexes as long as they may become; after a crash they are found so.</summary>
    public static ReadOnlySpan<byte> WithoutZeroTail(ReadOnlySpan<byte> bytes, int entrySize)
    {
        var used = bytes.LastIndexOfAnyExcept((byte)0) + 1;
        return bytes[..((used + entrySize - 1) / entrySize * entrySize)];
    }
}
