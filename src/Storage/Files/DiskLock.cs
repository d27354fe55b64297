namespace Moldau.Storage.Files;

/// <summary>
/// A lock file: held by the open handle against processes that open it as we do, and by a lock on its bytes against
/// those that lock as Kafka does.
/// </summary>
internal sealed class DiskLock : IDisposable
{
    private readonly FileStream _file;

    private DiskLock(FileStream file) => _file = file;

    public static DiskLock? TryTake(string path)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            if (!OperatingSystem.IsMacOS()) file.Lock(0, long.MaxValue);
            return new DiskLock(file);
        }
        catch (IOException failure) when (failure is not (FileNotFoundException or DirectoryNotFoundException))
        {
            file?.Dispose();
            return null;
        }
        catch (Exception failure) when (DiskCall.IsDisk(failure))
        {
            throw DiskCall.Translate("lock", path, failure);
        }
    }

    public void Dispose() => _file.Dispose();
}
