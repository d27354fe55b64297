using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.Shared.Messages;

/// <summary>The definition files of the checkout.</summary>
internal static class DefinitionFolder
{
    public static IEnumerable<string> Paths =>
        Directory.EnumerateFiles(RepositoryPaths.Protocol, "*.def", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    public static DefinitionFile Read(string path, out IReadOnlyList<DefinitionFault> faults) =>
        DefinitionParser.Parse(RepositoryPaths.Relative(path), File.ReadAllText(path), out faults);
}
