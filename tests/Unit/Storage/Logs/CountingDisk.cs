using Moldau.Storage.Files;
using Moldau.Unit.Storage.Files;

namespace Moldau.Unit.Storage.Logs;

/// <summary>Counts what is read of the files of a kind, by how their names end.</summary>
internal sealed class CountingDisk(IFileSystem disk, string ending) : PassingDisk(disk)
{
    public int Reads { get; private set; }

    public long BytesRead { get; private set; }

    public void Reset() => (Reads, BytesRead) = (0, 0);

    public override IFile Open(string path, OpenMode mode) =>
        path.EndsWith(ending, StringComparison.Ordinal) ? new CountedFile(this, base.Open(path, mode)) : base.Open(path, mode);

    private sealed class CountedFile(CountingDisk counter, IFile file) : PassingFile(file)
    {
        public override int Read(long position, Span<byte> destination)
        {
            var read = base.Read(position, destination);
            counter.Reads++;
            counter.BytesRead += read;
            return read;
        }
    }
}
