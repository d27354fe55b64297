namespace Moldau.Storage.Files;

/// <summary>
/// A rename stays in its folder. Between two, a crash could leave the file under both names or, until both folders are
/// flushed, under neither; between two disks it would silently become a copy.
/// </summary>
internal static class RenameRule
{
    public static void Require(string path, string newPath)
    {
        if (!FolderOf(path).SequenceEqual(FolderOf(newPath)))
            throw new DiskException(DiskFault.Failed, "rename", path, $"{newPath} is in another folder; write it anew there, flush, then delete this one");
    }

    private static ReadOnlySpan<char> FolderOf(string path) => Path.GetDirectoryName(path.AsSpan().TrimEnd("/\\"));
}
