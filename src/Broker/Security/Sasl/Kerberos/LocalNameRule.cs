using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Moldau.Broker.Security.Sasl.Kerberos;

/// <summary>One rule that makes a principal's short name.</summary>
/// <param name="count">So many parts a principal has that it is for; 0 for the rule that is called DEFAULT.</param>
/// <param name="format">Made of its parts: $0 is the realm.</param>
/// <param name="filter">What the result must be, all of it; null for anything.</param>
/// <param name="from">What is replaced in it; null for nothing.</param>
/// <param name="toCase">L or U for one case throughout.</param>
internal sealed class LocalNameRule(int count, string format, Regex? filter, Regex? from, string to, bool all, string toCase)
{
    public static LocalNameRule Default { get; } = new(0, "", null, null, "", false, "");

    /// <returns>Null where it does not fit.</returns>
    public string? Apply(string[] parts, string realm, string ownRealm)
    {
        if (count == 0) return realm == ownRealm ? parts[0] : null;
        if (parts.Length != count) return null;
        var name = Format(parts, realm);
        if (filter is not null && !filter.IsMatch(name)) return null;
        if (from is not null) name = from.Replace(name, to, all ? -1 : 1);
        if (name.Length == 0 || name.Contains('@', StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal)) return null;
        return toCase switch
        {
            "L" => name.ToLowerInvariant(),
            "U" => name.ToUpperInvariant(),
            _ => name,
        };
    }

    private string Format(string[] parts, string realm)
    {
        var name = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] == '$' && i + 1 < format.Length && char.IsAsciiDigit(format[i + 1]))
            {
                var number = int.Parse(format.AsSpan(++i, 1), NumberStyles.None, CultureInfo.InvariantCulture);
                name.Append(number == 0 ? realm : number <= parts.Length ? parts[number - 1] : "");
            }
            else
            {
                name.Append(format[i]);
            }
        }

        return name.ToString();
    }
}
