using Moldau.Storage.Files;
using Moldau.Unit.Storage.Files;

namespace Moldau.Unit.Storage.Producers;

/// <summary>A disk with a fault: it makes files durable, but not their names.</summary>
internal sealed class NamelessDisk(IFileSystem disk) : PassingDisk(disk)
{
    public override void FlushFolder(string path)
    {
        // The fault.
    }
}
