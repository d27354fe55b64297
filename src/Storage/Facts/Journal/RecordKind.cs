namespace Moldau.Storage.Facts.Journal;

/// <summary>What stands in a frame of changes.</summary>
internal enum RecordKind : byte
{
    Transaction = 1,
    Compaction = 2,
}
