namespace Moldau.Compatibility.PowerLoss;

/// <summary>What a record of the preloaded library tells; the same numbers in powerloss.c.</summary>
internal enum JournalKind
{
    End = 1,
    Open,
    Close,
    Write,
    Length,
    Rename,
    Unlink,
    MakeFolder,
    RemoveFolder,
    Flush,
    FlushFolder,
    FlushDisk,
}
