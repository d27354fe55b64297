using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Moldau.Unit.Repository.Tidiness;

/// <summary>
/// The lines of a file that are rows of a table and not logic: what initializes something static, a collection written
/// out in a static member, and an enum's body. A table may be as long as what it lists. A lambda's block inside one
/// is logic again.
/// </summary>
internal sealed class TableLines
{
    private readonly HashSet<int> _lines = [];
    private readonly SyntaxTree _tree;

    public TableLines(SourceFile file)
    {
        _tree = file.Syntax.SyntaxTree;
        foreach (var node in file.Syntax.DescendantNodes())
        {
            if (Rows(node) is not { } rows) continue;
            Add(_lines, rows);
            foreach (var block in node.DescendantNodes().OfType<BlockSyntax>())
            {
                // Only what the table holds: a method that returns one has a block around it.
                if (rows.Contains(block.Span)) Remove(block.Span);
            }
        }
    }

    /// <summary>How many lines of logic the span covers.</summary>
    public int LogicIn(TextSpan span)
    {
        var (first, last) = LinesOf(span);
        var logic = 0;
        for (var line = first; line <= last; line++)
        {
            if (!_lines.Contains(line)) logic++;
        }

        return logic;
    }

    private static TextSpan? Rows(SyntaxNode node) => node switch
    {
        EnumDeclarationSyntax { OpenBraceToken.RawKind: not 0 } body => TextSpan.FromBounds(body.OpenBraceToken.SpanStart, body.CloseBraceToken.Span.End),
        EqualsValueClauseSyntax value when IsStatic(value.Parent) => value.Value.Span,
        CollectionExpressionSyntax or InitializerExpressionSyntax when node.Ancestors().Any(IsStatic) => node.Span,
        _ => null,
    };

    private static bool IsStatic(SyntaxNode? node) => node switch
    {
        VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax field } => IsStatic(field),
        FieldDeclarationSyntax field => field.Modifiers.Any(SyntaxKind.ConstKeyword) || (field.Modifiers.Any(SyntaxKind.StaticKeyword) && field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword)),
        PropertyDeclarationSyntax or MethodDeclarationSyntax => ((MemberDeclarationSyntax)node).Modifiers.Any(SyntaxKind.StaticKeyword),
        _ => false,
    };

    /// <summary>The line on which the table begins is the declaration's own and counts.</summary>
    private void Add(HashSet<int> lines, TextSpan span)
    {
        var (first, last) = LinesOf(span);
        for (var line = first + 1; line <= last; line++) lines.Add(line);
    }

    private void Remove(TextSpan span)
    {
        var (first, last) = LinesOf(span);
        for (var line = first; line <= last; line++) _lines.Remove(line);
    }

    private (int First, int Last) LinesOf(TextSpan span)
    {
        var lines = _tree.GetLineSpan(span);
        return (lines.StartLinePosition.Line, lines.EndLinePosition.Line);
    }
}
