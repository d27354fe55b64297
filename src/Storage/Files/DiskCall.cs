namespace Moldau.Storage.Files;

/// <summary>What the platform throws, told as what the disk did.</summary>
internal static class DiskCall
{
    // errno, the same on Linux and macOS where not named for one; the rest are Windows' error codes as HRESULTs.
    private const int NotPermitted = 1;
    private const int NoEntry = 2;
    private const int NoAccess = 13;
    private const int EntryExists = 17;
    private const int NotAFolder = 20;
    private const int NoSpace = 28;
    private const int ReadOnlyDisk = 30;
    private const int QuotaExceededLinux = 122;
    private const int QuotaExceededMac = 69;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsFileExists = unchecked((int)0x80070050);
    private const int WindowsAlreadyExists = unchecked((int)0x800700B7);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static T Run<T>(string operation, string path, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception failure) when (IsDisk(failure))
        {
            throw Translate(operation, path, failure);
        }
    }

    public static bool IsDisk(Exception failure) => failure is (IOException or UnauthorizedAccessException) and not DiskException;

    public static DiskException Translate(string operation, string path, Exception failure) =>
        new(FaultOf(failure), operation, path, failure.Message, failure);

    private static DiskFault FaultOf(Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException or DriveNotFoundException => DiskFault.NotFound,
        UnauthorizedAccessException => DiskFault.Denied,
        _ when IsFull(failure.HResult) => DiskFault.Full,
        _ => failure.HResult switch
        {
            EntryExists or WindowsFileExists or WindowsAlreadyExists => DiskFault.Exists,
            NoEntry or NotAFolder => DiskFault.NotFound,
            NotPermitted or NoAccess or ReadOnlyDisk => DiskFault.Denied,
            _ => DiskFault.Failed,
        },
    };

    private static bool IsFull(int code) =>
        code is NoSpace or WindowsHandleDiskFull or WindowsDiskFull
        || (OperatingSystem.IsLinux() && code == QuotaExceededLinux)
        || (OperatingSystem.IsMacOS() && code == QuotaExceededMac);
}
