namespace Moldau.Storage.Files.Memory;

/// <summary>What a simulation may let fail.</summary>
public enum DiskOperation
{
    Create,
    Write,
    SetLength,
    Rename,
    Delete,
    Flush,
    FlushFolder,
    FlushDisk,
}
