namespace Moldau.Unit.Storage.Compaction;

internal enum RecordFate
{
    /// <summary>Without a transaction, or committed.</summary>
    Visible,

    Aborted,

    /// <summary>Its transaction is not decided.</summary>
    Open,
}
