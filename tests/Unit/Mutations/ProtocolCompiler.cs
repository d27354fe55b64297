using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Moldau.Shared;

namespace Moldau.Unit.Mutations;

/// <summary>Compiles the Protocol room from its sources and definitions as the build does.</summary>
internal sealed class ProtocolCompiler : RoomCompiler
{
    private readonly ImmutableArray<AdditionalText> _definitions =
        [.. Files("protocol", "*.def").Select(static path => new Definition(path, File.ReadAllText(path)))];

    private readonly Lazy<ImmutableArray<SyntaxTree>> _generated;

    public ProtocolCompiler() : base("Protocol", static source => source) =>
        _generated = new Lazy<ImmutableArray<SyntaxTree>>(() => Generate(_definitions));

    protected override CSharpCompilation With(string path, string changed) => path.EndsWith(".def", StringComparison.Ordinal)
        ? Sources.AddSyntaxTrees(Generate([.. _definitions.Where(text => text.Path != path), new Definition(path, changed)]))
        : base.With(path, changed).AddSyntaxTrees(_generated.Value);

    private ImmutableArray<SyntaxTree> Generate(ImmutableArray<AdditionalText> definitions)
    {
        var result = CSharpGeneratorDriver.Create([Generator().AsSourceGenerator()], definitions, ParseOptions).RunGenerators(Sources).GetRunResult();
        return result.Diagnostics.IsEmpty ? result.GeneratedTrees : throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
    }

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
