using Moldau.Storage.Files;
using Moldau.Unit.Storage.Files;

namespace Moldau.Unit.Storage.Simulation;

/// <summary>
/// A fault put in: the first flush of a folder behind the making of a segment in it does nothing, so that the segment's
/// bytes come to the disk before its name. It flushes one by one, so that there is such a flush.
/// </summary>
internal sealed class UnnamedSegmentDisk(IFileSystem disk) : PassingDisk(disk)
{
    private readonly HashSet<string> _folders = [];

    public override IFile Open(string path, OpenMode mode)
    {
        var file = base.Open(path, mode);
        if (mode == OpenMode.New && path.EndsWith(".log", StringComparison.Ordinal)) _folders.Add(Path.GetDirectoryName(path)!);
        return file;
    }

    public override void FlushFolder(string path)
    {
        if (!_folders.Remove(path)) base.FlushFolder(path);
    }

    public override bool TryFlushDisk(string path) => false;
}
