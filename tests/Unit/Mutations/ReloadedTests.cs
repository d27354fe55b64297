using System.Reflection;
using System.Runtime.Loader;

namespace Moldau.Unit.Mutations;

/// <summary>This test assembly, loaded once more so that its references to Protocol lead to another build of it.</summary>
internal sealed class ReloadedTests : AssemblyLoadContext
{
    private readonly Assembly _protocol;

    public ReloadedTests(byte[] protocol) : base("mutated protocol", isCollectible: true)
    {
        _protocol = LoadFromStream(new MemoryStream(protocol));
        Tests = LoadFromAssemblyPath(typeof(ReloadedTests).Assembly.Location);
    }

    public Assembly Tests { get; }

    // Asked before the default context, which would give the sound build.
    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name == _protocol.GetName().Name ? _protocol : null;
}
