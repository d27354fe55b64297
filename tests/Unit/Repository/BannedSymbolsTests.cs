using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Moldau.Shared;
using Xunit;

namespace Moldau.Unit.Repository;

/// <summary>The lists of what the product must not call. A line that names nothing bans nothing, and no compiler says so.</summary>
public class BannedSymbolsTests
{
    private static readonly CSharpCompilation Framework = CSharpCompilation.Create("Framework", references: FrameworkReferences.All);

    public static TheoryData<string> Lists => ["BannedSymbols.txt", "BannedSymbols.DataPath.txt"];

    [Theory]
    [MemberData(nameof(Lists))]
    public void Every_line_names_something_of_the_framework_and_what_to_use_instead(string list)
    {
        var lines = File.ReadAllLines(Path.Combine(RepositoryPaths.Root, "eng", list));

        Assert.NotEmpty(lines);
        Assert.Empty(lines.Where(line => Fault(line) is not null).Select(line => $"{line}: {Fault(line)}"));
    }

    [Theory]
    [InlineData("M:System.DateTime.Now;take a TimeProvider", "names nothing")]
    [InlineData("P:System.DateTime.Noon;take a TimeProvider", "names nothing")]
    [InlineData("P:System.DateTime.Now;", "no advice")]
    [InlineData("P:System.DateTime.Now", "no advice")]
    public void A_dead_line_is_noticed(string line, string fault) => Assert.Equal(fault, Fault(line));

    private static string? Fault(string line)
    {
        var parts = line.Split(';', 2);
        if (parts.Length < 2 || parts[1].Length == 0) return "no advice";
        return DocumentationCommentId.GetFirstSymbolForDeclarationId(parts[0], Framework) is null ? "names nothing" : null;
    }
}
