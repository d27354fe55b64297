using System.Text;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Recovery;

namespace Moldau.Storage.Folders;

/// <summary>Keeps other processes out of a data folder, and tells them who is in it.</summary>
internal sealed class FolderLock : IDisposable
{
    public const string FileName = ".lock";

    /// <summary>Not the lock itself: that one may be locked against reading, too.</summary>
    public const string OwnerFileName = ".lock.owner";

    private const int LongestOwner = 200;

    private readonly IFileSystem _disk;
    private readonly string _ownerPath;
    private readonly IDisposable _held;

    private FolderLock(IFileSystem disk, string ownerPath, IDisposable held)
    {
        _disk = disk;
        _ownerPath = ownerPath;
        _held = held;
    }

    /// <param name="disk">Where.</param>
    /// <param name="folder">The data folder.</param>
    /// <param name="owner">What others are told, such as "process 4711 since 2026-07-01 12:00".</param>
    /// <exception cref="FolderRefusedException">Another process holds it.</exception>
    public static FolderLock Take(IFileSystem disk, string folder, string owner)
    {
        var ownerPath = Path.Combine(folder, OwnerFileName);
        if (disk.TryLock(Path.Combine(folder, FileName)) is not { } held)
        {
            throw new FolderRefusedException(RecoveryRow.W1,
                $"the data folder {folder} is in use by {ReadOwner(disk, ownerPath)}: stop that process, or give this one a folder of its own");
        }

        WriteOwner(disk, ownerPath, owner);
        return new FolderLock(disk, ownerPath, held);
    }

    public void Dispose()
    {
        try
        {
            // While the lock is still ours, so that it is not the next one's.
            if (_disk.FileExists(_ownerPath)) _disk.DeleteFile(_ownerPath);
        }
        catch (DiskException)
        {
            // It only tells people something.
        }

        _held.Dispose();
    }

    private static void WriteOwner(IFileSystem disk, string path, string owner)
    {
        try
        {
            using var file = disk.Open(path, OpenMode.ExistingOrNew);
            file.SetLength(0);
            file.Write(0, Encoding.UTF8.GetBytes(owner));
        }
        catch (DiskException)
        {
            // It only tells people something: a full disk is no reason not to start.
        }
    }

    public static string ReadOwner(IFileSystem disk, string path)
    {
        const string unknown = "a process that has not said who it is";
        try
        {
            var text = Encoding.UTF8.GetString(WholeFile.TryRead(disk, path) ?? []).Trim();
            return text.Length switch
            {
                0 => unknown,
                <= LongestOwner => text,
                _ => text[..LongestOwner],
            };
        }
        catch (DiskException)
        {
            return unknown;
        }
    }
}
