using Moldau.Storage.Recovery;

namespace Moldau.Storage.Folders;

/// <summary>A data folder that must not be opened as it is. Nothing in it was changed.</summary>
public sealed class FolderRefusedException(RecoveryRow row, string message) : IOException(message)
{
    /// <summary>Which row of docs/internals/recovery.md it is.</summary>
    public RecoveryRow Row { get; } = row;
}
