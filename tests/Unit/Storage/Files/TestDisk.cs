using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Storage.Files;

/// <summary>A disk of a kind, with an empty folder on it that goes with the test.</summary>
internal sealed class TestDisk : IDisposable
{
    private readonly string? _temporary;

    public TestDisk(DiskKind kind)
    {
        if (kind == DiskKind.Real)
        {
            Files = new DiskFileSystem();
            Folder = _temporary = Directory.CreateTempSubdirectory("moldau-disk-").FullName;
            return;
        }

        Files = new MemoryFileSystem(keepsHistory: kind == DiskKind.Memory);
        Folder = "data";
        Files.CreateFolder(Folder);
    }

    public static TheoryData<DiskKind> Kinds { get; } = [.. Enum.GetValues<DiskKind>()];

    public IFileSystem Files { get; }

    public string Folder { get; }

    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>Makes a file of these bytes and closes it.</summary>
    public string Write(string name, params byte[] bytes)
    {
        using var file = Files.Open(this[name], OpenMode.ExistingOrNew);
        file.SetLength(0);
        file.Write(0, bytes);
        return this[name];
    }

    public byte[] Read(string name)
    {
        using var file = Files.Open(this[name], OpenMode.Existing);
        return ReadAll(file);
    }

    public static byte[] ReadAll(IFile file)
    {
        var bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.Read(0, bytes));
        return bytes;
    }

    /// <summary>What the call must be refused with: this fault, at this path.</summary>
    public static void Refused(DiskFault fault, string path, Action call)
    {
        var refusal = Assert.Throws<DiskException>(call);
        Assert.Equal((fault, path), (refusal.Fault, refusal.Path));
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (_temporary is not null) Directory.Delete(_temporary, recursive: true);
    }
}
