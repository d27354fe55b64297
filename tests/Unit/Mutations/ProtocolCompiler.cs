using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Moldau.Shared;

namespace Moldau.Unit.Mutations;

/// <summary>Compiles the Protocol room from its sources and definitions as the build does, with one file changed on the way.</summary>
internal sealed class ProtocolCompiler
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

    private static readonly CSharpParseOptions ParseOptions = new(
        LanguageVersion.Preview, preprocessorSymbols: ["NET8_0_OR_GREATER", "NET9_0_OR_GREATER", "NET10_0_OR_GREATER", "NET10_0"]);

    // Everything but the definitions, parsed once; most faults change a single tree of it.
    private readonly CSharpCompilation _sources = CSharpCompilation.Create(
        "Moldau.Protocol",
        Files("src/Protocol", "*.cs").Select(static path => Parse(path, File.ReadAllText(path))).Append(Parse("usings", ImplicitUsings)),
        References(),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release));

    private readonly ImmutableArray<AdditionalText> _definitions =
        [.. Files("protocol", "*.def").Select(static path => new Definition(path, File.ReadAllText(path)))];

    private readonly Lazy<ImmutableArray<SyntaxTree>> _generated;

    public ProtocolCompiler() => _generated = new Lazy<ImmutableArray<SyntaxTree>>(() => Generate(_definitions));

    /// <summary>The assembly's image, with the file's text passed through <paramref name="change"/>.</summary>
    public byte[] Compile(string file, Func<string, string> change)
    {
        var path = Path.Combine(RepositoryPaths.Root, file);
        var changed = change(File.ReadAllText(path));
        var compilation = path.EndsWith(".def", StringComparison.Ordinal)
            ? _sources.AddSyntaxTrees(Generate([.. _definitions.Where(text => text.Path != path), new Definition(path, changed)]))
            : _sources.AddSyntaxTrees(_generated.Value).ReplaceSyntaxTree(_sources.SyntaxTrees.Single(tree => tree.FilePath == path), Parse(path, changed));

        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        if (!result.Success)
            throw new InvalidOperationException(string.Join('\n', result.Diagnostics.Where(static found => found.Severity == DiagnosticSeverity.Error)));
        return image.ToArray();
    }

    private ImmutableArray<SyntaxTree> Generate(ImmutableArray<AdditionalText> definitions)
    {
        var result = CSharpGeneratorDriver.Create([Generator().AsSourceGenerator()], definitions, ParseOptions).RunGenerators(_sources).GetRunResult();
        return result.Diagnostics.IsEmpty ? result.GeneratedTrees : throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
    }

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, folder), pattern, SearchOption.AllDirectories);

    private static SyntaxTree Parse(string path, string text) => CSharpSyntaxTree.ParseText(text, ParseOptions, path, Encoding.UTF8);

    private static ImmutableArray<PortableExecutableReference> References() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(static path => MetadataReference.CreateFromFile(path))];

    private static IIncrementalGenerator Generator()
    {
        var path = Path.Combine(RepositoryPaths.Root, "artifacts", "bin", "ProtocolGenerator", "release", "ProtocolGenerator.dll");
        var type = Assembly.LoadFrom(path).GetType("Moldau.ProtocolGenerator.ProtocolSourceGenerator", throwOnError: true)!;
        return (IIncrementalGenerator)Activator.CreateInstance(type)!;
    }

    private sealed class Definition(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text, Encoding.UTF8);
    }
}
