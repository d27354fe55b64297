using Moldau.Storage.Files;

namespace Moldau.Storage.Folders;

/// <summary>The folders in a data folder, by what their names say they are.</summary>
internal sealed class FolderSurvey
{
    private FolderSurvey()
    {
    }

    public HashSet<PartitionName> Partitions { get; } = [];

    /// <summary>Logs that are deleted, whose files are not gone yet.</summary>
    public List<string> Leaving { get; } = [];

    public List<string> Others { get; } = [];

    public static FolderSurvey Of(IFileSystem disk, string folder)
    {
        var survey = new FolderSurvey();
        foreach (var entry in disk.List(folder))
        {
            // The file system's own.
            if (!entry.IsFolder || entry.Name == "lost+found") continue;
            if (LeavingName.TryParse(entry.Name, out _)) survey.Leaving.Add(entry.Name);
            else if (PartitionName.TryParse(entry.Name, out var name)) survey.Partitions.Add(name);
            else survey.Others.Add(entry.Name);
        }

        return survey;
    }
}
