namespace Moldau.Broker.Security.Jaas;

/// <summary>
/// Reads <c>sasl.jaas.config</c>: one login module, how much it counts, and its options, as in
/// <c>a.b.PlainLoginModule required user_alice="secret";</c>. Quotes are double or single, with Java's escapes.
/// </summary>
public static class JaasReader
{
    private static readonly string[] Flags = ["required", "requisite", "sufficient", "optional"];

    /// <exception cref="JaasException">It is none.</exception>
    public static JaasEntry Read(string text)
    {
        var tokens = new JaasTokens(text);
        var module = tokens.Word("the name of a login module");
        var flag = tokens.Word($"one of {string.Join(", ", Flags)}, behind the login module");
        if (!Flags.Contains(flag, StringComparer.OrdinalIgnoreCase)) throw new JaasException($"behind the login module stands none of {string.Join(", ", Flags)}");
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!tokens.TryTake(';'))
        {
            var name = tokens.Word("an option's name, or a semicolon at the end");
            if (!tokens.TryTake('=')) throw new JaasException($"an option has no '=' behind its name (option {options.Count + 1})");
            if (!options.TryAdd(name, tokens.Word("an option's value"))) throw new JaasException($"option {options.Count + 1} is there twice");
        }

        return tokens.IsAtEnd ? new JaasEntry(module, options) : throw new JaasException("something follows its semicolon: it takes one login module");
    }
}
