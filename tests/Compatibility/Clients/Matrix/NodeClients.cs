using Moldau.Compatibility.Kafka;
using Moldau.Shared;

namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>The clients on Node, which <c>eng/node-clients</c> puts into a cache, and our scripts that use them.</summary>
internal static class NodeClients
{
    private static readonly Lazy<Task<string>> Folder = new(FindAsync);

    /// <returns>A program and its first arguments.</returns>
    public static async Task<string[]> CommandAsync(string script)
    {
        var modules = Path.Combine(await Folder.Value, "node_modules");
        return ["env", "NODE_PATH=" + modules, Path.Combine(modules, ".bin", "node"), Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", "node", script + ".mjs")];
    }

    private static async Task<string> FindAsync()
    {
        try
        {
            return (await ChildProcess.RunAsync("the clients on Node", TimeSpan.FromSeconds(30), Path.Combine(RepositoryPaths.Root, "eng", "node-clients"), [])).Trim();
        }
        catch (InvalidOperationException missing)
        {
            throw new InvalidOperationException("the clients on Node are not there: eng/node-clients install", missing);
        }
    }
}
