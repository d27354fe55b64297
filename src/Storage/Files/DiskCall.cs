namespace Moldau.Storage.Files;

/// <summary>What the platform throws, told as what the disk did.</summary>
internal static class DiskCall
{
    // errno of Linux and macOS; the rest are Windows' error codes as HRESULTs.
    private const int NoSpace = 28;
    private const int QuotaExceededLinux = 122;
    private const int QuotaExceededMac = 69;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
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
        FileNotFoundException or DirectoryNotFoundException => DiskFault.NotFound,
        UnauthorizedAccessException => DiskFault.Denied,
        _ when IsFull(failure.HResult) => DiskFault.Full,
        _ when failure.HResult is 17 or unchecked((int)0x80070050) => DiskFault.Exists,
        _ => DiskFault.Failed,
    };

    private static bool IsFull(int code) =>
        code is NoSpace or WindowsHandleDiskFull or WindowsDiskFull
        || (OperatingSystem.IsLinux() && code == QuotaExceededLinux)
        || (OperatingSystem.IsMacOS() && code == QuotaExceededMac);
}
