namespace Moldau.Storage.Facts;

/// <summary>Why a transaction was not taken on. Whatever the reason, it was not applied and will not be.</summary>
public enum FactRefusal
{
    TooManyOperations,
    TooLarge,
    KeyTwice,
    InvalidKey,

    /// <summary>No room; the same may succeed when there is some.</summary>
    DiskFull,

    /// <summary>The disk refused the write, and what had been written of it is gone again.</summary>
    DiskFailed,

    /// <summary>A flush has failed: nothing is written any more until the store is opened anew.</summary>
    ReadOnly,

    /// <summary>An import into a store that holds something.</summary>
    NotEmpty,
}
