using Moldau.Storage.Files;

namespace Moldau.Broker.Settings.Start;

/// <summary>Properties in a file: the path is the file's, the key a property's.</summary>
internal sealed class FileProvider(ISmallFiles files, AllowedPaths allowed) : IValueProvider
{
    public string? Find(string path, string key)
    {
        if (path.Length == 0 || !allowed.Contains(path)) return null;
        string? found = null;
        try
        {
            PropertiesReader.Read(PropertiesReader.Decode(files.Read(path)), (name, value, _) => found = name == key ? value : found);
        }
        catch (DiskException fault)
        {
            throw new ProviderException(fault.Message, fault);
        }

        return found;
    }
}
