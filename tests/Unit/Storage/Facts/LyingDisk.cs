using Moldau.Storage.Files;
using Moldau.Unit.Storage.Files;

namespace Moldau.Unit.Storage.Facts;

/// <summary>A disk that says it flushed and did not, or that it failed to write and did.</summary>
internal sealed class LyingDisk(IFileSystem disk, bool flushesFiles = true, bool flushesFolders = true, Func<bool>? deniesWrite = null) : PassingDisk(disk)
{
    public override IFile Open(string path, OpenMode mode) => new LyingFile(base.Open(path, mode), flushesFiles, deniesWrite);

    public override void FlushFolder(string path)
    {
        if (flushesFolders) base.FlushFolder(path);
    }

    private sealed class LyingFile(IFile file, bool flushes, Func<bool>? deniesWrite) : PassingFile(file)
    {
        public override void Write(long position, ReadOnlySpan<byte> source)
        {
            base.Write(position, source);
            if (deniesWrite?.Invoke() == true) throw new DiskException(DiskFault.Failed, "write", Path, "written, and told as failed");
        }

        public override void Flush()
        {
            if (flushes) base.Flush();
        }
    }
}
