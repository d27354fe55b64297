namespace Moldau.Storage.Files.Memory;

/// <summary>Where a path leads on a disk in memory, which has one root and both kinds of slashes.</summary>
internal static class MemoryPath
{
    public static string Clean(string path) => path.Replace('\\', '/').Trim('/');

    public static string[] Names(string path) => Clean(path).Split('/', StringSplitOptions.RemoveEmptyEntries);

    public static string NameOf(string path)
    {
        var clean = Clean(path);
        return clean[(clean.LastIndexOf('/') + 1)..];
    }

    public static MemoryNode? Find(MemoryFolder root, string path) => Follow(root, Names(path), leaveOut: 0);

    /// <summary>The folder that holds the path's last name; none for the root itself.</summary>
    public static MemoryFolder? Above(MemoryFolder root, string path)
    {
        var names = Names(path);
        return names.Length == 0 ? null : Follow(root, names, leaveOut: 1) as MemoryFolder;
    }

    private static MemoryNode? Follow(MemoryFolder root, string[] names, int leaveOut)
    {
        MemoryNode node = root;
        for (var i = 0; i < names.Length - leaveOut; i++)
        {
            if (node is not MemoryFolder folder || !folder.Names.TryGetValue(names[i], out var next)) return null;
            node = next;
        }

        return node;
    }
}
