using Moldau.Storage.Files;
using Moldau.Unit.Storage.Files;

namespace Moldau.Unit.Storage.Folders;

/// <summary>
/// Faults put in: a disk that says it flushed some files or folders, and did not. It flushes them one by one, so that each
/// can be picked; and it asks at each flush.
/// </summary>
internal sealed class FaultyDisk(IFileSystem disk, Predicate<string>? skipsFile = null, Predicate<string>? skipsFolder = null) : PassingDisk(disk)
{
    public override IFile Open(string path, OpenMode mode) => skipsFile is null ? base.Open(path, mode) : new PickedFile(base.Open(path, mode), skipsFile);

    public override void FlushFolder(string path)
    {
        if (skipsFolder?.Invoke(path) != true) base.FlushFolder(path);
    }

    public override bool TryFlushDisk(string path) => false;

    private sealed class PickedFile(IFile file, Predicate<string> skips) : PassingFile(file)
    {
        public override void Flush()
        {
            if (!skips(Path)) base.Flush();
        }
    }
}
