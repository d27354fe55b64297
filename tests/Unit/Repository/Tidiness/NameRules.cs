using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Moldau.Unit.Repository.Tidiness;

/// <summary>Names that say nothing of what a type is for, so that anything may be put into it; and files that hide types.</summary>
internal static class NameRules
{
    private static readonly string[] Empty = ["Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Manager", "Managers", "Common"];

    public static IEnumerable<string> Faults(SourceFile file)
    {
        foreach (var part in file.Path.Split('/'))
        {
            var name = part.EndsWith(".cs", StringComparison.Ordinal) ? part[..^3] : part;
            if (IsEmpty(name)) yield return $"{file.Path}: {name} does not say what it is for";
        }

        foreach (var type in file.Syntax.DescendantNodes().Where(IsType))
        {
            if (IsEmpty(NameOf(type))) yield return $"{file.Path}: {NameOf(type)} does not say what it is for";
        }

        var top = file.Syntax.DescendantNodes().Where(node => IsType(node) && node.Parent is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax);
        var names = top.Select(NameOf).Distinct().ToList();
        if (names.Count > 1) yield return $"{file.Path}: holds {string.Join(", ", names)}; one type a file, small companions nested";
    }

    private static bool IsEmpty(string name) => Empty.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));

    private static bool IsType(SyntaxNode node) => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax;

    private static string NameOf(SyntaxNode type) =>
        type is BaseTypeDeclarationSyntax declared ? declared.Identifier.Text : ((DelegateDeclarationSyntax)type).Identifier.Text;
}
