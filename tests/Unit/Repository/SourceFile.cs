using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Moldau.Unit.Repository;

/// <summary>A C# file of the repository, parsed.</summary>
/// <param name="Path">From the root, with forward slashes.</param>
internal sealed record SourceFile(string Path, CompilationUnitSyntax Syntax)
{
    /// <summary>What is left out for older frameworks is code too.</summary>
    private static readonly CSharpParseOptions Options = new(
        LanguageVersion.Preview, preprocessorSymbols: ["NET", "NET8_0_OR_GREATER", "NET9_0_OR_GREATER", "NET10_0_OR_GREATER"]);

    public static SourceFile Parse(string path, string text) =>
        new(path, CSharpSyntaxTree.ParseText(text, Options, path).GetCompilationUnitRoot());

    /// <summary>The folder and everything in front of it, without the file's name.</summary>
    public string Folder => Path[..Math.Max(0, Path.LastIndexOf('/'))];

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
