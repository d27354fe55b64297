using Moldau.Storage.Files;

namespace Moldau.Broker.Settings.Start;

/// <summary>A file for each value: the path is a folder's, the key a file's in it, all of which is the value.</summary>
internal sealed class DirectoryProvider(ISmallFiles files, AllowedPaths allowed) : IValueProvider
{
    public string? Find(string path, string key)
    {
        // A key that leads elsewhere names no file of the folder.
        if (path.Length == 0 || !allowed.Contains(path) || key is "" or "." or ".." || key.AsSpan().ContainsAny('/', '\\')) return null;
        var file = Path.Combine(path, key);
        try
        {
            return files.Exists(file) ? PropertiesReader.Decode(files.Read(file)) : null;
        }
        catch (DiskException fault)
        {
            throw new ProviderException(fault.Message, fault);
        }
    }
}
