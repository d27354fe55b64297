using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Moldau.Storage.Files;

/// <summary>
/// The calls .NET has no face for: fdatasync, syncfs, folders' fsync, fallocate without a new length. On systems without
/// them the nearest that .NET offers, chosen at run time.
/// </summary>
internal static partial class NativeDisk
{
    private const int ReadOnly = 0;
    private const int CloseOnExecLinux = 0x80000;
    private const int KeepSize = 1;
    private const int Interrupted = 4;
    private const int SetLockOfHandle = 37;
    private const int OpenFilesLinux = 7;
    private const int OpenFilesMac = 8;
    private const short WriteLock = 1;

    public static void Flush(SafeFileHandle handle, string path)
    {
        if (!OperatingSystem.IsLinux()) FlushAsPortable(handle, path);
        else if (Call(fdatasync, handle) != 0) throw Failed("flush", path);
    }

    public static void FlushFolder(string path)
    {
        // NTFS journals its names; there is no call to make.
        if (OperatingSystem.IsWindows()) return;
        using var folder = OpenFolder(path);
        if (Call(fsync, folder) != 0) throw Failed("flush folder", path);
    }

    public static bool TryFlushDisk(string path)
    {
        if (!CanFlushDisk) return false;
        using var folder = OpenFolder(path);
        return Call(syncfs, folder) == 0 ? true : throw Failed("flush the disk of", path);
    }

    /// <summary>Room ahead of the writes; a file system that has no such thing works without.</summary>
    public static void Reserve(SafeFileHandle handle, long length)
    {
        if (OperatingSystem.IsLinux()) _ = fallocate(handle, KeepSize, 0, length);
    }

    /// <summary>
    /// Locks a file's bytes, all that there may ever be, against everybody who locks them, as Kafka does. The lock is the
    /// handle's (Linux' F_OFD_SETLK); one of the process would silently be gone as soon as any other handle of the same
    /// file was closed in it.
    /// </summary>
    /// <returns>False where another has locked them.</returns>
    public static bool TryLockBytes(SafeFileHandle handle, string path)
    {
        var range = new LockRange { Kind = WriteLock };
        if (fcntl(handle, SetLockOfHandle, ref range) == 0) return true;
        return DiskLock.IsTaken(Marshal.GetLastPInvokeError()) ? false : throw Failed("lock", path);
    }

    /// <summary>How many files the process may have open; null where the system has no such limit, or does not tell.</summary>
    public static long? OpenFileLimit()
    {
        if (OperatingSystem.IsWindows()) return null;
        var kind = OperatingSystem.IsMacOS() ? OpenFilesMac : OpenFilesLinux;
        return getrlimit(kind, out var limit) == 0 && limit.Current < long.MaxValue ? (long)limit.Current : null;
    }

    // Before 5.8 syncfs did not report write errors.
    private static bool CanFlushDisk { get; } = OperatingSystem.IsLinux() && Environment.OSVersion.Version >= new Version(5, 8);

    /// <summary>fsync; on macOS .NET asks for F_FULLFSYNC, which reaches the device.</summary>
    private static void FlushAsPortable(SafeFileHandle handle, string path) => DiskCall.Run("flush", path, () =>
    {
        RandomAccess.FlushToDisk(handle);
        return true;
    });

    private static SafeFileHandle OpenFolder(string path)
    {
        var folder = open(path, OperatingSystem.IsLinux() ? ReadOnly | CloseOnExecLinux : ReadOnly);
        return folder.IsInvalid ? throw Failed("open folder", path) : folder;
    }

    /// <summary>A signal is no failure: nothing was given up, and the call may be made again.</summary>
    private static int Call(Func<SafeFileHandle, int> call, SafeFileHandle handle)
    {
        while (true)
        {
            var result = call(handle);
            if (result == 0 || Marshal.GetLastPInvokeError() != Interrupted) return result;
        }
    }

    private static DiskException Failed(string operation, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return DiskCall.Translate(operation, path, new IOException(Marshal.GetPInvokeErrorMessage(error), error));
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int syncfs(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fallocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, out ResourceLimit limit);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeFileHandle file, int command, ref LockRange range);

    /// <summary>The system's struct flock on 64 bits: from byte 0 on; a length of 0 has no end.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct LockRange
    {
        public short Kind;
        public short Whence;
        public long Start;
        public long Length;
        public int Process;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Current;
        public ulong Most;
    }
}
