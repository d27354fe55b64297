namespace Moldau.Storage.Files;

/// <summary>Small files on the machine's disk.</summary>
public sealed class DiskSmallFiles : ISmallFiles
{
    public byte[] Read(string path) => DiskCall.Run("read", path, () => File.ReadAllBytes(path));

    public bool Exists(string path) => File.Exists(path);
}
