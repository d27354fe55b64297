using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Moldau.Broker.Security.Certificates;

/// <summary>One rule from a distinguished name to a principal's: where all of the name matches, what it is replaced with.</summary>
internal sealed class PrincipalRule
{
    /// <summary>A rule that takes longer over a name is a rule that somebody can stop the broker with.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromMilliseconds(100);

    private readonly Regex _whole;
    private readonly Regex _parts;
    private readonly string _replacement;
    private readonly char _case;

    /// <param name="pattern">A regular expression.</param>
    /// <param name="replacement">With $1 and the like for its groups.</param>
    /// <param name="letterCase">L for lower case, U for upper, 0 for neither.</param>
    /// <exception cref="ArgumentException">The pattern is none, or the replacement names a group that cannot be.</exception>
    public PrincipalRule(string pattern, string replacement, char letterCase)
    {
        _whole = new Regex($@"^(?:{pattern})\z", RegexOptions.CultureInvariant, MostTime);
        _parts = new Regex(pattern, RegexOptions.CultureInvariant, MostTime);
        _replacement = replacement;
        _case = letterCase;
        Replace(_parts.Match(""));
    }

    /// <summary>The principal's name; null where the rule does not match.</summary>
    public string? Apply(string name)
    {
        if (!_whole.IsMatch(name)) return null;
        var result = _parts.Replace(name, Replace);
        return _case switch
        {
            'L' => result.ToLowerInvariant(),
            'U' => result.ToUpperInvariant(),
            _ => result,
        };
    }

    /// <summary>A number beyond the groups stands for itself, and as many digits belong to it as name a group.</summary>
    private string Replace(Match match)
    {
        var result = new StringBuilder();
        for (var i = 0; i < _replacement.Length; i++)
        {
            var sign = _replacement[i];
            if (sign == '\\' && i + 1 < _replacement.Length) result.Append(_replacement[++i]);
            else if (sign == '$' && i + 1 < _replacement.Length && _replacement[i + 1] == '{') i = AppendNamed(match, i, result);
            else if (sign == '$' && i + 1 < _replacement.Length && char.IsAsciiDigit(_replacement[i + 1])) i = AppendNumbered(match, i, result);
            else if (sign is '$' or '\\') throw new ArgumentException($"the replacement '{_replacement}' has a {sign} that says nothing: put a \\ before it where it is meant as it is");
            else result.Append(sign);
        }

        return result.ToString();
    }

    private int AppendNumbered(Match match, int at, StringBuilder result)
    {
        var groups = _parts.GetGroupNumbers().Length - 1;
        var number = _replacement[at + 1] - '0';
        if (number > groups)
        {
            result.Append(CultureInfo.InvariantCulture, $"${number}");
            return at + 1;
        }

        var end = at + 2;
        while (end < _replacement.Length && char.IsAsciiDigit(_replacement[end]) && (number * 10) + _replacement[end] - '0' <= groups) number = (number * 10) + _replacement[end++] - '0';
        result.Append(match.Groups[number].Value);
        return end - 1;
    }

    private int AppendNamed(Match match, int at, StringBuilder result)
    {
        var end = _replacement.IndexOf('}', at);
        var name = end < 0 ? "" : _replacement[(at + 2)..end];
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || _parts.GroupNumberFromName(name) < 0)
            throw new ArgumentException($"the replacement '{_replacement}' names a group '{name}' that its pattern does not have");
        result.Append(match.Groups[name].Value);
        return end;
    }
}
