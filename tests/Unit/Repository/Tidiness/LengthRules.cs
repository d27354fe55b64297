using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Moldau.Unit.Repository.Tidiness;

/// <summary>Files and methods that have grown past reading, tables aside. Half of each limit is what to aim for.</summary>
internal static class LengthRules
{
    public const int FileLimit = 500;
    public const int MethodLimit = 100;

    public static IEnumerable<string> Faults(SourceFile file)
    {
        var tables = new TableLines(file);
        var lines = tables.LogicIn(file.Syntax.FullSpan);
        if (lines > FileLimit) yield return $"{file.Path}: {lines} lines; {FileLimit} are the limit";

        foreach (var (name, span) in Methods(file.Syntax))
        {
            lines = tables.LogicIn(span);
            if (lines > MethodLimit) yield return $"{file.Path}: {name} has {lines} lines; {MethodLimit} are the limit";
        }
    }

    /// <summary>A partial type shares all its fields, so spreading it over files is no split: its parts count as one file.</summary>
    public static IEnumerable<string> PartialFaults(IEnumerable<SourceFile> files)
    {
        var sums = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var tables = new TableLines(file);
            foreach (var type in file.Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>())
            {
                if (!type.Modifiers.Any(SyntaxKind.PartialKeyword)) continue;
                var name = FullName(type);
                sums[name] = sums.GetValueOrDefault(name) + tables.LogicIn(type.Span);
            }
        }

        foreach (var (name, lines) in sums)
        {
            if (lines > FileLimit) yield return $"{name}: {lines} lines in all its parts; {FileLimit} are the limit";
        }
    }

    private static IEnumerable<(string Name, TextSpan Span)> Methods(CompilationUnitSyntax file)
    {
        var statements = file.Members.OfType<GlobalStatementSyntax>().ToList();
        if (statements.Count > 0) yield return ("the program", TextSpan.FromBounds(statements[0].SpanStart, statements[^1].Span.End));

        foreach (var node in file.DescendantNodes())
        {
            switch (node)
            {
                case BaseMethodDeclarationSyntax method: yield return (NameOf(method), WithoutAttributes(method, method.AttributeLists)); break;
                case AccessorDeclarationSyntax accessor: yield return (NameOf(accessor), accessor.Span); break;
                case LocalFunctionStatementSyntax local: yield return (local.Identifier.Text, local.Span); break;
                case PropertyDeclarationSyntax { ExpressionBody: { } body } property: yield return (property.Identifier.Text, body.Span); break;
            }
        }
    }

    private static string NameOf(BaseMethodDeclarationSyntax method) => method switch
    {
        MethodDeclarationSyntax named => named.Identifier.Text,
        ConstructorDeclarationSyntax constructor => $"the constructor of {constructor.Identifier.Text}",
        _ => method.Kind().ToString(),
    };

    private static string NameOf(AccessorDeclarationSyntax accessor) =>
        $"{accessor.Keyword.Text} of {(accessor.Parent?.Parent as PropertyDeclarationSyntax)?.Identifier.Text ?? "an indexer or event"}";

    /// <summary>A theory's rows stand in attributes and are data.</summary>
    private static TextSpan WithoutAttributes(SyntaxNode node, SyntaxList<AttributeListSyntax> attributes) =>
        attributes.Count == 0 ? node.Span : TextSpan.FromBounds(attributes[^1].GetLastToken().GetNextToken().SpanStart, node.Span.End);

    private static string FullName(TypeDeclarationSyntax type) =>
        string.Join('.', type.AncestorsAndSelf().Reverse().Select(node => node switch
        {
            BaseNamespaceDeclarationSyntax space => space.Name.ToString(),
            TypeDeclarationSyntax part => part.Identifier.Text + (part.Arity == 0 ? "" : $"`{part.Arity}"),
            _ => "",
        }).Where(name => name.Length > 0));
}
