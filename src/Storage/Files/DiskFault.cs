namespace Moldau.Storage.Files;

/// <summary>Why a disk refused.</summary>
public enum DiskFault
{
    /// <summary>No room; the same may succeed when there is some.</summary>
    Full,

    NotFound,

    /// <summary>A file of that name is there already.</summary>
    Exists,

    /// <summary>Not allowed, or the disk is read-only.</summary>
    Denied,

    /// <summary>The device or the system failed.</summary>
    Failed,
}
