namespace Moldau.Unit.Storage.Files;

/// <summary>The disks that must all keep the contract of the seam.</summary>
public enum DiskKind
{
    Real,
    Memory,
    MemoryWithoutHistory,
}
