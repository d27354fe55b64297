using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;

namespace Moldau.Unit.Storage.Files;

/// <summary>
/// Works on a disk at random, remembers what it was promised, lets the power go and says which promise was broken. Each
/// promise is only asked for as long as nothing newer puts it in doubt.
/// </summary>
internal sealed class CrashChecker
{
    private const string Folder = "data/t-0";
    private const int Steps = 40;

    private readonly Random _random;
    private readonly MemoryFileSystem _memory = new();
    private readonly IFileSystem _disk;
    private readonly Dictionary<string, PromisedFile> _names = [];
    private readonly Dictionary<string, PromisedFile> _durableNames = [];
    private readonly HashSet<string> _namesInDoubt = [];

    private CrashChecker(int seed, Func<IFileSystem, IFileSystem> wrap)
    {
        _random = new Random(seed);
        _disk = wrap(_memory);
    }

    /// <returns>The promise that was broken; null where all were kept.</returns>
    public static string? BrokenPromise(int seed, Func<IFileSystem, IFileSystem>? wrap = null)
    {
        var checker = new CrashChecker(seed, wrap ?? (static disk => disk));
        checker.Prepare();
        for (var i = checker._random.Next(Steps); i >= 0; i--) checker.Step();
        return checker.Compare(checker._memory.AfterCrash(new Random(seed)));
    }

    private void Prepare()
    {
        _disk.CreateFolder(Folder);
        _disk.FlushFolder("");
        _disk.FlushFolder("data");
        _disk.FlushFolder(Folder);
    }

    private void Step()
    {
        var name = "f" + _random.Next(3);
        var there = _names.TryGetValue(name, out var file);
        switch (_random.Next(12))
        {
            case 0 when there:
                _disk.DeleteFile(PathOf(name));
                _names.Remove(name);
                _namesInDoubt.Add(name);
                break;
            case 1 when there:
                Rename(name, "f" + _random.Next(3));
                break;
            case 2:
                _disk.FlushFolder(Folder);
                NamesAreDurable();
                break;
            case 3 when _disk.TryFlushDisk(Folder):
                foreach (var each in _names.Values) each.Flush();
                NamesAreDurable();
                break;
            default:
                Change(name, file);
                break;
        }
    }

    private void Rename(string name, string newName)
    {
        if (name == newName) return;
        _disk.Rename(PathOf(name), PathOf(newName));
        _names.Remove(name, out var file);
        _names[newName] = file!;
        _namesInDoubt.Add(name);
        _namesInDoubt.Add(newName);
    }

    private void Change(string name, PromisedFile? promised)
    {
        using var file = _disk.Open(PathOf(name), OpenMode.ExistingOrNew);
        if (promised is null)
        {
            _names[name] = promised = new PromisedFile();
            _namesInDoubt.Add(name);
        }

        switch (_random.Next(6))
        {
            case 0:
                var length = _random.Next(promised.Now.Length + 200);
                file.SetLength(length);
                promised.SetLength(length);
                break;
            case 1 or 2:
                file.Flush();
                promised.Flush();
                break;
            default:
                var bytes = new byte[_random.Next(1, 2000)];
                _random.NextBytes(bytes);
                var position = _random.Next(3) == 0 ? _random.Next(promised.Now.Length + 1) : promised.Now.Length;
                file.Write(position, bytes);
                promised.Write(position, bytes);
                break;
        }
    }

    private void NamesAreDurable()
    {
        _durableNames.Clear();
        foreach (var (name, file) in _names) _durableNames[name] = file;
        _namesInDoubt.Clear();
    }

    private string? Compare(MemoryFileSystem after)
    {
        for (var i = 0; i < 3; i++)
        {
            var name = "f" + i;
            if (_namesInDoubt.Contains(name)) continue;
            var found = after.FileExists(PathOf(name));
            if (!_durableNames.TryGetValue(name, out var promised))
            {
                if (found) return $"{name} is there, though nobody made it or it was deleted for good";
                continue;
            }

            if (!found) return $"{name} is gone, though its name was flushed";
            using var file = after.Open(PathOf(name), OpenMode.Existing);
            if (promised.Fault(TestDisk.ReadAll(file)) is { } fault) return $"{name}: {fault}";
        }

        return null;
    }

    private static string PathOf(string name) => Folder + "/" + name;
}
