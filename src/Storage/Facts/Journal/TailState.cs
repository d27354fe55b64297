namespace Moldau.Storage.Facts.Journal;

/// <summary>What stands behind the last sound frame.</summary>
internal enum TailState
{
    Whole,
    Zeros,
    Torn,
}
