using System.Reflection;
using System.Runtime.Loader;

namespace Moldau.Unit.Mutations;

/// <summary>This test assembly, loaded once more so that its references to one room lead to another build of it.</summary>
internal sealed class ReloadedTests : AssemblyLoadContext
{
    private readonly Assembly _room;

    public ReloadedTests(byte[] room) : base("mutated room", isCollectible: true)
    {
        _room = LoadFromStream(new MemoryStream(room));
        Tests = LoadFromAssemblyPath(typeof(ReloadedTests).Assembly.Location);
    }

    public Assembly Tests { get; }

    // Asked before the default context, which would give the sound build.
    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name == _room.GetName().Name ? _room : null;
}
