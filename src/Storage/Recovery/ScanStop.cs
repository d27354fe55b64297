namespace Moldau.Storage.Recovery;

/// <summary>Why the walk over a segment's batches ended.</summary>
internal enum ScanStop
{
    /// <summary>The file ends behind a sound batch.</summary>
    End,

    /// <summary>Zeros to the file's end.</summary>
    Zeros,

    /// <summary>An unsound batch, and nothing sound behind it.</summary>
    Torn,

    /// <summary>An unsound batch with sound ones behind it.</summary>
    Suspect,
}
