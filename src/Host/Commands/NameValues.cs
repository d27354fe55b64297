namespace Moldau.Host.Commands;

/// <summary>Settings given as <c>NAME=VALUE</c>.</summary>
internal static class NameValues
{
    /// <exception cref="MisuseException">One has no '='.</exception>
    public static Dictionary<string, string> Parse(IEnumerable<string> texts, string where)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw new MisuseException($"{where} takes NAME=VALUE, not '{text}'");
            values[text[..equals]] = text[(equals + 1)..];
        }

        return values;
    }
}
