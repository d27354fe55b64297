namespace Moldau.Storage.Facts.Journal;

internal enum FrameKind : byte
{
    /// <summary>Some of the keys of the lowest revision, in order.</summary>
    Entries = 1,

    /// <summary>Transactions and compactions that shared one flush.</summary>
    Changes = 2,

    /// <summary>The end of what was in the file before it got its name; all of it was durable then.</summary>
    Seal = 3,
}
