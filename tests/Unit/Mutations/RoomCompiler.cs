using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Moldau.Shared;

namespace Moldau.Unit.Mutations;

/// <summary>Compiles a room from its sources, with one file changed on the way. They are parsed once; most faults change a single tree.</summary>
/// <param name="name">The room's.</param>
/// <param name="asCompiled">What becomes of a source before it is parsed.</param>
/// <param name="rooms">Those it stands on.</param>
internal abstract class RoomCompiler(string name, Func<string, string> asCompiled, params Assembly[] rooms)
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Moldau.Unit")]
        """;

    protected static CSharpParseOptions ParseOptions { get; } = new(
        LanguageVersion.Preview, preprocessorSymbols: ["NET8_0_OR_GREATER", "NET9_0_OR_GREATER", "NET10_0_OR_GREATER", "NET10_0"]);

    /// <summary>As they are, without what is generated.</summary>
    protected CSharpCompilation Sources { get; } = CSharpCompilation.Create(
        $"Moldau.{name}",
        Files($"src/{name}", "*.cs").Select(path => Parse(path, asCompiled(File.ReadAllText(path)))).Append(Parse("usings", ImplicitUsings)),
        References(rooms),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release));

    /// <summary>The assembly's image, with the file's text passed through <paramref name="change"/>.</summary>
    public byte[] Compile(string file, Func<string, string> change)
    {
        var path = Path.Combine(RepositoryPaths.Root, file);
        using var image = new MemoryStream();
        var result = With(path, change(File.ReadAllText(path))).Emit(image);
        if (!result.Success)
            throw new InvalidOperationException(string.Join('\n', result.Diagnostics.Where(static found => found.Severity == DiagnosticSeverity.Error)));
        return image.ToArray();
    }

    /// <summary>All there is to compile, with another text in one file.</summary>
    protected virtual CSharpCompilation With(string path, string changed) =>
        Sources.ReplaceSyntaxTree(Sources.SyntaxTrees.Single(tree => tree.FilePath == path), Parse(path, asCompiled(changed)));

    protected static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, folder), pattern, SearchOption.AllDirectories);

    private static SyntaxTree Parse(string path, string text) => CSharpSyntaxTree.ParseText(text, ParseOptions, path, Encoding.UTF8);

    private static IEnumerable<MetadataReference> References(Assembly[] rooms) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Concat(rooms.Select(static room => room.Location))
            .Select(static path => MetadataReference.CreateFromFile(path));
}
