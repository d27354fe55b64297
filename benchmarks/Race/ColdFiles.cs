using System.Runtime.InteropServices;

namespace Moldau.Bench.Race;

/// <summary>Takes the content of files out of the system's cache, so that the next to read them needs the disk.</summary>
internal static partial class ColdFiles
{
    private const int DoNotNeed = 4;

    public static void Forget(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.log", SearchOption.AllDirectories))
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            // What is not on disk cannot be forgotten.
            RandomAccess.FlushToDisk(file);
            _ = posix_fadvise((int)file.DangerousGetHandle(), 0, 0, DoNotNeed);
        }
    }

    [LibraryImport("libc")]
    private static partial int posix_fadvise(int file, long offset, long length, int advice);
}
