using System.Collections.Concurrent;
using System.Text;
using Moldau.Storage.Files;

namespace Moldau.Unit.Broker.Settings;

/// <summary>Files by path, as text.</summary>
internal sealed class SmallFilesInMemory : ISmallFiles
{
    private readonly ConcurrentDictionary<string, byte[]> _files = [];

    public string this[string path]
    {
        set => _files[path] = Encoding.UTF8.GetBytes(value);
    }

    public void Write(string path, byte[] bytes) => _files[path] = bytes;

    public void Remove(string path) => _files.TryRemove(path, out _);

    public byte[] Read(string path) =>
        _files.TryGetValue(path, out var bytes) ? bytes : throw new DiskException(DiskFault.NotFound, "read", path, "there is no such file");

    public bool Exists(string path) => _files.ContainsKey(path);
}
