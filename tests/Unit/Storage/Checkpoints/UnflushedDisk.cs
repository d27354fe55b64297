using Moldau.Storage.Files;
using Moldau.Unit.Storage.Files;

namespace Moldau.Unit.Storage.Checkpoints;

/// <summary>A fault put in: a disk that says it flushed, files or folders, and did not.</summary>
internal sealed class UnflushedDisk(IFileSystem disk, bool skipsFiles, bool skipsFolders) : PassingDisk(disk)
{
    public override IFile Open(string path, OpenMode mode) => skipsFiles ? new UnflushedFile(base.Open(path, mode)) : base.Open(path, mode);

    public override void FlushFolder(string path)
    {
        if (!skipsFolders) base.FlushFolder(path);
    }
}
