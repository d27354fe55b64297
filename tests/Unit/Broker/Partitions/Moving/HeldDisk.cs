using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;

namespace Moldau.Unit.Broker.Partitions.Moving;

/// <summary>A disk on which the copies of one folder wait at their first byte, until they are let go on.</summary>
internal sealed class HeldDisk : IDisposable
{
    private readonly ManualResetEventSlim _gate = new(false);
    private readonly ManualResetEventSlim _reached = new(false);

    public HeldDisk(string folder)
    {
        Memory.Fault = (operation, path) =>
        {
            if (operation != DiskOperation.Write || !path.StartsWith(folder + "/", StringComparison.Ordinal) || !path.Contains("-future/", StringComparison.Ordinal)) return null;
            _reached.Set();
            return _gate.Wait(TimeSpan.FromSeconds(30)) ? null : DiskFault.Failed;
        };
    }

    public MemoryFileSystem Memory { get; } = new(keepsHistory: false);

    /// <summary>Whether a copy waits, or has.</summary>
    public bool IsReached => _reached.IsSet;

    public void LetGo() => _gate.Set();

    public void Dispose()
    {
        _gate.Dispose();
        _reached.Dispose();
    }
}
