using System.Text.RegularExpressions;

namespace Moldau.Broker.Security.Certificates;

/// <summary>
/// From a certificate's subject to a principal's name: <c>ssl.principal.mapping.rules</c>, of which the first that matches
/// decides. <c>DEFAULT</c> takes the name as it is; <c>RULE:PATTERN/REPLACEMENT/</c> may end with L or U.
/// </summary>
internal sealed class PrincipalMapping
{
    private const string Default = "DEFAULT";
    private const string RulePrefix = "RULE:";

    private readonly IReadOnlyList<PrincipalRule?> _rules;

    private PrincipalMapping(IReadOnlyList<PrincipalRule?> rules) => _rules = rules;

    /// <param name="text">The rules, between commas.</param>
    /// <param name="fault">What is wrong with them, a sentence.</param>
    public static PrincipalMapping? Parse(string text, out string? fault)
    {
        var rules = new List<PrincipalRule?>();
        fault = null;
        for (var at = SkipGap(text, 0); at < text.Length; at = SkipGap(text, at))
        {
            var start = at;
            try
            {
                if (!Read(text, ref at, rules)) fault = $"'{text[start..]}' in ssl.principal.mapping.rules is no rule: it takes DEFAULT, or RULE:PATTERN/REPLACEMENT/ with L or U behind it, and commas between rules";
            }
            catch (ArgumentException bad)
            {
                fault = $"'{text[start..]}' in ssl.principal.mapping.rules is no rule: {bad.Message}";
            }

            if (fault is not null) return null;
        }

        if (rules.Count == 0) fault = "ssl.principal.mapping.rules has no rule, so that nobody would have a name: DEFAULT takes names as they are";
        return rules.Count == 0 ? null : new PrincipalMapping(rules);
    }

    /// <returns>Null where no rule matches, or one took too long over the name.</returns>
    public string? Map(string name)
    {
        try
        {
            foreach (var rule in _rules)
            {
                if ((rule is null ? name : rule.Apply(name)) is { } mapped) return mapped;
            }
        }
        catch (RegexMatchTimeoutException)
        {
            // Nobody is let in under a name that could not be found out.
        }

        return null;
    }

    private static bool Read(string text, ref int at, List<PrincipalRule?> rules)
    {
        if (text.AsSpan(at).StartsWith(Default, StringComparison.Ordinal))
        {
            at += Default.Length;
            rules.Add(null);
            return Ends(text, at);
        }

        if (!text.AsSpan(at).StartsWith(RulePrefix, StringComparison.Ordinal)) return false;
        at += RulePrefix.Length;
        if (UpToSlash(text, ref at) is not { } pattern || UpToSlash(text, ref at) is not { } replacement) return false;
        var letterCase = at < text.Length && text[at] is 'L' or 'U' ? text[at++] : '0';
        if (!Ends(text, at)) return false;
        rules.Add(new PrincipalRule(pattern, replacement, letterCase));
        return true;
    }

    private static string? UpToSlash(string text, ref int at)
    {
        var start = at;
        for (; at < text.Length; at++)
        {
            if (text[at] == '\\') at++;
            else if (text[at] == '/') return text[start..at++];
        }

        return null;
    }

    private static bool Ends(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at == text.Length || text[at] == ',';
    }

    private static int SkipGap(string text, int at)
    {
        while (at < text.Length && (text[at] == ',' || char.IsWhiteSpace(text[at]))) at++;
        return at;
    }
}
