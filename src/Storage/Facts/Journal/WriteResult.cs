namespace Moldau.Storage.Facts.Journal;

/// <summary>What became of bytes that were to be made durable.</summary>
internal enum WriteResult
{
    Durable,

    /// <summary>They are not on the disk and will not be.</summary>
    NotWritten,

    /// <summary>They may be on the disk after the next start; nothing more may be written.</summary>
    InDoubt,
}
