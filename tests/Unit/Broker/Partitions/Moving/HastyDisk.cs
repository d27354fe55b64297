using Moldau.Storage.Files;
using Moldau.Unit.Storage.Files;

namespace Moldau.Unit.Broker.Partitions.Moving;

/// <summary>The break: a disk that flushes nothing of a folder's copies, so that they take their logs' places before they are on disk.</summary>
internal sealed class HastyDisk(IFileSystem disk, string folder) : PassingDisk(disk)
{
    public override IFile Open(string path, OpenMode mode) => IsOfCopy(path) ? new UnflushedFile(base.Open(path, mode)) : base.Open(path, mode);

    // It would bring all there is to disk, the copy too.
    public override bool TryFlushDisk(string path) => false;

    private bool IsOfCopy(string path) => path.StartsWith($"{folder}/t-", StringComparison.Ordinal) && path.EndsWith(".log", StringComparison.Ordinal);
}
