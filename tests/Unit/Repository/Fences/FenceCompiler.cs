using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Moldau.Unit.Repository.Fences;

/// <summary>Compiles a piece of a document as a program of its own, with the packages' namespaces in use.</summary>
internal static class FenceCompiler
{
    private const string Usings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;
        global using Moldau.Client; global using Moldau.Client.Admin; global using Moldau.Client.Consuming; global using Moldau.Client.Groups; global using Moldau.Client.Handling; global using Moldau.Client.Sharing;
        global using Moldau.Client.Producing; global using Moldau.Client.Security; global using Moldau.Client.Serdes; global using Moldau.Extensions.Hosting; global using Moldau.Testing;
        global using Moldau.Testing.Faults; global using Moldau.Protocol.Errors; global using Moldau.Protocol.Messages; global using Moldau.Protocol.Records; global using Moldau.Protocol.Primitives;
        global using Moldau.Protocol.Compression; global using Microsoft.Extensions.DependencyInjection; global using Microsoft.Extensions.Hosting; global using Microsoft.Extensions.Logging;
        """;

    private static readonly Lazy<IReadOnlyList<MetadataReference>> References = new(static () =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(File.Exists).Select(static path => MetadataReference.CreateFromFile(path))]);

    /// <summary>Types stand behind statements, whichever of the two parts they are in.</summary>
    public static IReadOnlyList<string> Compile(Fence fence, Func<string, string>? change, out Assembly? program)
    {
        var code = change is null ? fence.Code : change(fence.Code);
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        var (given, printed) = (CSharpSyntaxTree.ParseText(fence.Given, options), CSharpSyntaxTree.ParseText(code, options));
        var source = $"{Parts(printed, IsUsing)}\n{Parts(given, IsStatement)}\n{Parts(printed, IsStatement)}\nawait Task.CompletedTask;\n{Parts(given, IsType)}\n{Parts(printed, IsType)}";
        var compilation = CSharpCompilation.Create(
            "fence" + Guid.NewGuid().ToString("N"), [CSharpSyntaxTree.ParseText(Usings, options), CSharpSyntaxTree.ParseText(source, options)], References.Value,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var bytes = new MemoryStream();
        var result = compilation.Emit(bytes);
        program = result.Success && change is not null ? Assembly.Load(bytes.ToArray()) : null;
        return [.. result.Diagnostics.Where(static one => one.Severity == DiagnosticSeverity.Error).Select(static one => one.ToString())];
    }

    private static string Parts(SyntaxTree tree, Func<SyntaxNode, bool> which)
    {
        var root = (Microsoft.CodeAnalysis.CSharp.Syntax.CompilationUnitSyntax)tree.GetRoot();
        return string.Concat(root.ChildNodes().Where(which).Select(static node => node.ToFullString() + "\n"));
    }

    private static bool IsUsing(SyntaxNode node) => node is Microsoft.CodeAnalysis.CSharp.Syntax.UsingDirectiveSyntax;

    private static bool IsStatement(SyntaxNode node) => node is Microsoft.CodeAnalysis.CSharp.Syntax.GlobalStatementSyntax;

    private static bool IsType(SyntaxNode node) => node is Microsoft.CodeAnalysis.CSharp.Syntax.MemberDeclarationSyntax and not Microsoft.CodeAnalysis.CSharp.Syntax.GlobalStatementSyntax;
}
