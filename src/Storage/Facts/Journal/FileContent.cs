namespace Moldau.Storage.Facts.Journal;

/// <summary>What was read from a store's file.</summary>
internal sealed record FileContent(FactHistory History, long SealedEnd, long SoundEnd, long Length, TailState Tail, uint Seed)
{
    /// <summary>Only what was durable before the file got its name; what was appended may lie in the page cache alone.</summary>
    public bool IsSealedOnly => Length == SealedEnd;
}
