using Xunit;

namespace Moldau.Unit.Repository.Tidiness;

/// <summary>The rules themselves: what breaks them is reported, and what they allow is not.</summary>
public class TidyRuleTests
{
    private static readonly string Statements = string.Concat(Enumerable.Repeat("        Do();\n", LengthRules.MethodLimit));
    private static readonly string Rows = string.Concat(Enumerable.Repeat("        1,\n", LengthRules.FileLimit));

    [Theory]
    [InlineData("void M()\n    {\nBODY    }", "M has 103 lines")]
    [InlineData("C()\n    {\nBODY    }", "the constructor of C has 103 lines")]
    [InlineData("int P\n    {\n        get\n        {\nBODY        }\n    }", "get of P has 103 lines")]
    [InlineData("void M()\n    {\n        void Local()\n        {\nBODY        }\n    }", "Local has 103 lines")]
    public void A_long_method_is_reported(string member, string fault) =>
        Assert.Contains(LengthRules.Faults(Class(member.Replace("BODY", Statements, StringComparison.Ordinal))), found => found.Contains(fault, StringComparison.Ordinal));

    [Fact]
    public void A_long_file_is_reported() =>
        Assert.Contains("505 lines; 500 are the limit", Assert.Single(LengthRules.Faults(Class(string.Concat(Enumerable.Repeat("    int F;\n", LengthRules.FileLimit))))), StringComparison.Ordinal);

    [Fact]
    public void A_long_type_in_short_parts_is_reported()
    {
        var part = $"namespace N;\npartial class C\n{{\n{string.Concat(Enumerable.Repeat("    int F;\n", 300))}}}\n";
        var other = part.Replace("class C", "class D", StringComparison.Ordinal);

        var faults = LengthRules.PartialFaults([SourceFile.Parse("a.cs", part), SourceFile.Parse("b.cs", part), SourceFile.Parse("c.cs", other)]);

        Assert.Equal(["N.C: 606 lines in all its parts; 500 are the limit"], faults);
    }

    [Theory]
    [InlineData("static readonly int[] Table =\n    [\nROWS    ];")]
    [InlineData("static readonly int[] Table = new int[]\n    {\nROWS    };")]
    [InlineData("static int[] Table { get; } =\n    [\nROWS    ];")]
    [InlineData("static int[] Table() =>\n    [\nROWS    ];")]
    [InlineData("static int[] Table()\n    {\n        return [\nROWS        ];\n    }")]
    public void A_table_may_be_as_long_as_what_it_lists(string member) =>
        Assert.Empty(LengthRules.Faults(Class(member.Replace("ROWS", Rows, StringComparison.Ordinal))));

    [Fact]
    public void An_enum_is_a_table() =>
        Assert.Empty(LengthRules.Faults(SourceFile.Parse("E.cs", $"enum E\n{{\n{string.Concat(Enumerable.Range(0, 600).Select(i => $"    V{i},\n"))}}}\n")));

    [Theory]
    [InlineData("int[] table =\n    [\nROWS    ];")]
    [InlineData("static readonly System.Action Table = () =>\n    {\nROWS    };")]
    public void What_is_no_table_is_reported(string member) =>
        Assert.NotEmpty(LengthRules.Faults(Class(member.Replace("ROWS", Rows, StringComparison.Ordinal))));

    [Theory]
    [InlineData("src/Storage/Log.cs", "class LogHelper;", "LogHelper does not say")]
    [InlineData("src/Storage/Log.cs", "class Log { class Utils; }", "Utils does not say")]
    [InlineData("src/Storage/SegmentManager.cs", "class Segment;", "SegmentManager does not say")]
    [InlineData("src/Storage/Common/Log.cs", "class Log;", "Common does not say")]
    [InlineData("src/Storage/Log.cs", "namespace N; class Log; enum Level { }", "holds Log, Level")]
    [InlineData("src/Storage/Log.cs", "delegate void Change(); class Log;", "holds Change, Log")]
    public void A_name_without_a_meaning_or_a_hidden_type_is_reported(string path, string text, string fault) =>
        Assert.Contains(fault, Assert.Single(NameRules.Faults(SourceFile.Parse(path, text))), StringComparison.Ordinal);

    [Fact]
    public void Nested_companions_and_parts_are_allowed() =>
        Assert.Empty(NameRules.Faults(SourceFile.Parse("Log.cs", "partial class Log { enum Level { } record Row; } partial class Log { }")));

    [Theory]
    [InlineData("// TODO: later")]
    [InlineData("/* a HACK */")]
    [InlineData("/// <summary>FIXME</summary>\nclass D;")]
    [InlineData("class D { int P => throw new System.NotImplementedException(); }")]
    public void Work_left_for_later_is_reported(string text) => Assert.Single(UnfinishedRules.Faults(SourceFile.Parse("C.cs", $"class C;\n{text}\n")));

    [Fact]
    public void Speaking_of_such_work_in_a_string_is_allowed() =>
        Assert.Empty(UnfinishedRules.Faults(SourceFile.Parse("C.cs", "class C { string s = \"TODO\"; }")));

    [Theory]
    [InlineData("see [it](missing.md)", true)]
    [InlineData("see [it](missing.md#part)", true)]
    [InlineData("see [it](there.md#part) and [more](https://example.org/missing.md) and [here](#part)", false)]
    [InlineData("`[it](missing.md)`\n```\n[it](missing.md)\n```\n", false)]
    public void A_dead_link_is_reported(string text, bool isDead) =>
        Assert.Equal(isDead ? ["A.md: missing.md does not exist"] : [], DocumentLinks.Faults("A.md", text, target => target == "there.md"));

    private static SourceFile Class(string member) => SourceFile.Parse("C.cs", $"class C\n{{\n    {member}\n}}\n");
}
