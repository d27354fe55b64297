namespace Moldau.Storage.Files;

/// <summary>
/// A lock file: held by the open handle against processes that open it as we do, and by a lock on its bytes against
/// those that lock as Kafka does.
/// </summary>
internal sealed class DiskLock : IDisposable
{
    // What says that another has it: EAGAIN of Linux and of macOS, EACCES of some locks, Windows' sharing and lock violation.
    private const int TryAgainLinux = 11;
    private const int TryAgainMac = 35;
    private const int NoAccess = 13;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int WindowsLockViolation = unchecked((int)0x80070021);

    private readonly FileStream _file;

    private DiskLock(FileStream file) => _file = file;

    public static DiskLock? TryTake(string path)
    {
        FileStream? file = null;
        var locked = false;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            locked = TryLockBytes(file);
            return locked ? new DiskLock(file) : null;
        }
        catch (IOException failure) when (IsTaken(failure.HResult))
        {
            return null;
        }
        catch (Exception failure) when (DiskCall.IsDisk(failure))
        {
            throw DiskCall.Translate("lock", path, failure);
        }
        finally
        {
            if (!locked) file?.Dispose();
        }
    }

    public static bool IsTaken(int code) =>
        code is TryAgainLinux or TryAgainMac or NoAccess or WindowsSharingViolation or WindowsLockViolation;

    public void Dispose() => _file.Dispose();

    private static bool TryLockBytes(FileStream file)
    {
        if (OperatingSystem.IsLinux()) return NativeDisk.TryLockBytes(file.SafeFileHandle, file.Name);
        if (!OperatingSystem.IsMacOS()) file.Lock(0, long.MaxValue);
        return true;
    }
}
