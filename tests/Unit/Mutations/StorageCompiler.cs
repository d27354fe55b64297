using Moldau.Protocol.Records;

namespace Moldau.Unit.Mutations;

/// <summary>
/// Compiles the Storage room. Its native calls are written for a generator that comes with the SDK; here they are declared
/// for the runtime to marshal, which they bear, and nobody makes one: simulations have their disk in memory.
/// </summary>
internal sealed class StorageCompiler() : RoomCompiler("Storage", AsCompiled, typeof(RecordBatch).Assembly)
{
    private static string AsCompiled(string source) => !source.Contains("[LibraryImport(", StringComparison.Ordinal) ? source : source
        .Replace("[LibraryImport(", "[DllImport(", StringComparison.Ordinal)
        .Replace(", StringMarshalling = StringMarshalling.Utf8", "", StringComparison.Ordinal)
        .Replace("private static partial ", "private static extern ", StringComparison.Ordinal);
}
