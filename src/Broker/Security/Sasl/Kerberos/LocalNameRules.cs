using System.Text.RegularExpressions;

namespace Moldau.Broker.Security.Sasl.Kerberos;

/// <summary>
/// Short names of Kerberos principals (<c>sasl.kerberos.principal.to.local.rules</c>): the first rule that fits decides.
/// DEFAULT takes the first part of a principal of our own realm; RULE:[N:FORMAT](FILTER)s/FROM/TO/g/L is MIT's, with a
/// letter's case at the end.
/// </summary>
internal sealed partial class LocalNameRules
{
    private static readonly TimeSpan MatchTime = TimeSpan.FromMilliseconds(100);

    private readonly List<LocalNameRule> _rules;

    private LocalNameRules(List<LocalNameRule> rules) => _rules = rules;

    /// <param name="texts">The setting's values; null where none was set.</param>
    /// <param name="fault">What is wrong with one of them.</param>
    public static LocalNameRules? Read(IReadOnlyList<string> texts, out string? fault)
    {
        var rules = new List<LocalNameRule>();
        foreach (var text in Whole(texts))
        {
            if (text == "DEFAULT")
            {
                rules.Add(LocalNameRule.Default);
                continue;
            }

            try
            {
                var found = Form().Match(text);
                fault = !found.Success ? $"'{text}' is no rule: it takes DEFAULT or RULE:[N:FORMAT](FILTER)s/FROM/TO/g/L" : null;
                if (fault is not null) return null;
                rules.Add(Rule(found));
            }
            catch (ArgumentException bad)
            {
                fault = $"'{text}' has a pattern that cannot be read: {bad.Message}";
                return null;
            }
        }

        fault = null;
        return new LocalNameRules(rules);
    }

    /// <param name="principal">NAME@REALM or NAME/HOST@REALM.</param>
    /// <param name="ownRealm">The one of this broker's own principal.</param>
    /// <returns>Null where no rule fits.</returns>
    public string? Apply(string principal, string ownRealm)
    {
        var at = principal.LastIndexOf('@');
        var realm = at < 0 ? ownRealm : principal[(at + 1)..];
        var parts = (at < 0 ? principal : principal[..at]).Split('/');
        foreach (var rule in _rules)
        {
            try
            {
                if (rule.Apply(parts, realm, ownRealm) is { } name) return name;
            }
            catch (RegexMatchTimeoutException)
            {
                // A pattern that a name makes slow fits nobody.
            }
        }

        return null;
    }

    private static LocalNameRule Rule(Match found) => new(
        int.Parse(found.Groups["count"].Value, System.Globalization.CultureInfo.InvariantCulture), found.Groups["format"].Value,
        found.Groups["filter"].Success ? new Regex($@"\A(?:{found.Groups["filter"].Value})\z", RegexOptions.CultureInvariant, MatchTime) : null,
        found.Groups["from"].Success ? new Regex(found.Groups["from"].Value, RegexOptions.CultureInvariant, MatchTime) : null,
        found.Groups["to"].Value, found.Groups["all"].Success, found.Groups["case"].Value);

    /// <summary>A list's commas may be a pattern's own: what does not begin a rule goes on with the one before.</summary>
    private static List<string> Whole(IReadOnlyList<string> texts)
    {
        var whole = new List<string>(texts.Count);
        foreach (var text in texts)
        {
            if (whole.Count == 0 || text == "DEFAULT" || text.StartsWith("RULE:", StringComparison.Ordinal)) whole.Add(text);
            else whole[^1] += "," + text;
        }

        return whole;
    }

    [GeneratedRegex(@"\ARULE:\[(?<count>[0-9]+):(?<format>[^\]]*)\](?:\((?<filter>[^)]*)\))?(?:s/(?<from>[^/]*)/(?<to>[^/]*)/(?<all>g)?)?/?(?<case>[LU])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
