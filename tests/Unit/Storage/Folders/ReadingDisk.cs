using Moldau.Storage.Files;
using Moldau.Unit.Storage.Files;

namespace Moldau.Unit.Storage.Folders;

/// <summary>Notes the files that are opened.</summary>
internal sealed class ReadingDisk(IFileSystem disk, List<string> opened) : PassingDisk(disk)
{
    public override IFile Open(string path, OpenMode mode)
    {
        lock (opened) opened.Add(path);
        return base.Open(path, mode);
    }
}
