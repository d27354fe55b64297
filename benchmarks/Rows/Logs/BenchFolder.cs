namespace Moldau.Bench.Rows.Logs;

/// <summary>A folder for a row's files, made when the row is measured; it goes with the row.</summary>
internal sealed class BenchFolder : IDisposable
{
    private string? _path;

    public string Path => _path ??= Directory.CreateTempSubdirectory("moldau-bench-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (_path is not null) Directory.Delete(_path, recursive: true);
    }
}
