namespace Moldau.Storage.Folders;

/// <summary>How a data folder was closed.</summary>
/// <param name="Obstacles">
/// What kept it from being closed in order, each with the partition it concerns. Where there is none, the folder says so,
/// and the next start reads no batch.
/// </param>
public sealed record FolderClosing(IReadOnlyList<string> Obstacles)
{
    public bool WasInOrder => Obstacles.Count == 0;
}
