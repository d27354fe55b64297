namespace Moldau.Storage.Files;

/// <summary>
/// Files that are the user's and not ours: settings, secrets. They are only read, and whole, so that one which may not be
/// written is as good as another.
/// </summary>
public interface ISmallFiles
{
    /// <exception cref="DiskException">It is not there, or may not be read.</exception>
    byte[] Read(string path);

    bool Exists(string path);
}
