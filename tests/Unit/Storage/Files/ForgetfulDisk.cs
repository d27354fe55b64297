using Moldau.Storage.Files;

namespace Moldau.Unit.Storage.Files;

/// <summary>A disk that says yes to some flushes and does nothing: the break that the checker must notice.</summary>
internal sealed class ForgetfulDisk(IFileSystem inner, ForgetfulDisk.Forgets forgets) : PassingDisk(inner)
{
    public enum Forgets
    {
        Flush,
        FlushFolder,
        FlushDisk,
    }

    public override IFile Open(string path, OpenMode mode) =>
        forgets == Forgets.Flush ? new UnflushedFile(base.Open(path, mode)) : base.Open(path, mode);

    public override void FlushFolder(string path)
    {
        if (forgets != Forgets.FlushFolder) base.FlushFolder(path);
    }

    public override bool TryFlushDisk(string path) => forgets == Forgets.FlushDisk || base.TryFlushDisk(path);
}
