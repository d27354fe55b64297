using System.Text;
using Moldau.Compatibility.Kafka;
using Moldau.Coordination.Groups.Patterns;
using Xunit;

namespace Moldau.Compatibility.Groups;

/// <summary>Regular expressions mean what RE2/J takes them for, which Kafka asks; what it refuses is refused with its reason.</summary>
public class PatternsAgainstKafkaTests
{
    private const int RandomExpressions = 8_000;

    private static readonly string[] Pieces =
    [
        "a", "b", "k", "S", ".", "-", "_", "0", "7", "topic", "[a-c]", "[^a]", "[", "]", "(", ")", "(?:", "(?i)", "(?i:", "(?-i)", "(?s)", "(?m)", "(?mi-s:", "(?U)", "(?",
        "(?P<n>", "(?<m>", "(?P<", "|", "*", "+", "?", "*?", "??", "{2}", "{1,3}", "{2,}", "{0}", "{01}", "{1001}", "{3,1}", "{,2}", "{2", "{", "}", "^", "$",
        @"\A", @"\z", @"\Z", @"\b", @"\B", @"\d", @"\D", @"\w", @"\W", @"\s", @"\S", @"\pL", @"\PL", @"\p{Lu}", @"\p{^Ll}", @"\P{Greek}", @"\p{Latin}", @"\p{Nope}", @"\p{",
        @"\Q.*\E", @"\Qa", @"\E", @"\.", @"\x41", @"\x{62}", @"\x{110000}", @"\xg", @"\101", @"\8", @"\0", @"\n", @"\C", @"\", "[[:alpha:]]", "[[:^digit:]-]", "[[:foo:]]", "[[:]",
        "[a-", "[]a]", "[^]a]", @"[\d\-z]", @"[a-\d]", "[z-a]", @"[\pL\x2d]", "[.-]", "(?i)[k-s]", "\u017F", "\u212A", "(?i)\u017F", "é", "[\u0000-\u0200]", "\n", "(?i)\\p{Lu}",
    ];

    private static readonly string[] Names = ["", "a", "b", "ab", "A", "k", "K", "s", "S", "aa", "aab", "topic", "Topic", "topic-0", "topic_7", "a.b", ".", "-", "0", "7", "aaaa", "__consumer_offsets"];

    private static readonly string[] Classes =
    [
        .. "C Cc Cf Co Cs Cn L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs Any Common Latin Greek Inherited Cyrillic Unknown Vai Yi Hans".Split(' '),
    ];

    [Fact]
    public async Task Random_expressions_mean_the_same()
    {
        var chance = TestSeed.For(nameof(Random_expressions_mean_the_same));
        await CompareAsync([.. Enumerable.Range(0, RandomExpressions).Select(_ => string.Concat(Enumerable.Range(0, chance.Next(1, 8)).Select(_ => Pieces[chance.Next(Pieces.Length)])))]);
    }

    [Fact]
    public async Task Every_class_has_the_same_characters()
    {
        var letters = Enumerable.Range(0, 128).Select(letter => (char)letter);
        string[] named = [.. "alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit".Split(' ').SelectMany(name => new[] { $"[[:{name}:]]", $"[[:^{name}:]]" })];
        string[] all = [@"\d", @"\s", @"\w", @"\D", @"\S", @"\W", ".", "(?s).", .. named, .. Classes.SelectMany(name => new[] { $@"\p{{{name}}}", $@"\P{{{name}}}", $@"[^\p{{{name}}}]" })];
        await CompareAsync([.. all, .. all.Select(expression => "(?i)" + expression)], [.. letters.Select(letter => letter.ToString())]);
    }

    private static async Task CompareAsync(string[] expressions, string[]? names = null)
    {
        KafkaJars.Require();
        names ??= Names;
        var words = string.Join(' ', names.Select(Word));
        var answers = await KafkaJars.RunAsync("expressions by RE2/J", TimeSpan.FromMinutes(2), "Patterns", expressions.Select(expression => $"{Word(expression)} {words}"));

        Assert.Equal(expressions.Length, answers.Count);
        // RE2/J unrolls nested repetitions, and may be at it for minutes; there is nothing to compare with then.
        Assert.True(answers.Count(static answer => answer == "slow") <= 5, $"{TestSeed.Text}: RE2/J took too long for {answers.Count(static answer => answer == "slow")} expressions");
        var differences = expressions.Zip(answers, (expression, theirs) => (expression, theirs, ours: theirs == "slow" ? theirs : Answer(expression, names))).Where(row => row.ours != row.theirs).ToList();
        Assert.True(differences.Count == 0, $"{TestSeed.Text}: {differences.Count} of {expressions.Length} differ:\n" +
            string.Join("\n", differences.Take(20).Select(row => $"{row.expression.Replace("\n", "\\n", StringComparison.Ordinal)}\n ours  {row.ours}\n RE2/J {row.theirs}")));
    }

    private static string Answer(string expression, string[] names)
    {
        try
        {
            var pattern = new TopicPattern(expression);
            return string.Concat(names.Select(name => pattern.Matches(name) ? '1' : '0'));
        }
        catch (PatternException problem)
        {
            return "error " + problem.Message;
        }
    }

    // A letter in front keeps an empty text a word.
    private static string Word(string text) => "x" + Convert.ToBase64String(Encoding.Unicode.GetBytes(text));
}
