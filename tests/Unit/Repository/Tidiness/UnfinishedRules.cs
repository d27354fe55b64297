using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Moldau.Unit.Repository.Tidiness;

/// <summary>Work that was left for later where nobody will look for it.</summary>
internal static partial class UnfinishedRules
{
    private const string Stub = "NotImplementedException";

    public static IEnumerable<string> Faults(SourceFile file)
    {
        foreach (var comment in file.Syntax.DescendantTrivia(descendIntoTrivia: false))
        {
            var isComment = comment.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
                or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia;
            if (isComment && Marker().Match(comment.ToFullString()) is { Success: true } marker)
            {
                yield return $"{file.Path}:{Line(comment.GetLocation())}: {marker.Value}";
            }
        }

        foreach (var name in file.Syntax.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.Text == Stub) yield return $"{file.Path}:{Line(name.GetLocation())}: {Stub}";
        }
    }

    private static int Line(Microsoft.CodeAnalysis.Location location) => location.GetLineSpan().StartLinePosition.Line + 1;

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Marker();
}
