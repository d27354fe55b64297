using System.Text.RegularExpressions;

namespace Moldau.Broker.Settings.Start;

/// <summary>Variables of the environment, those alone that the pattern allows.</summary>
internal sealed class EnvironmentProvider(IReadOnlyDictionary<string, string> environment, Regex? allowed) : IValueProvider
{
    public string? Find(string path, string key)
    {
        if (path.Length > 0) throw new ProviderException($"variables have no path, and '{path}' is one: write ${{NAME:{key}}}");
        return (allowed is null || allowed.IsMatch(key)) && environment.TryGetValue(key, out var value) ? value : null;
    }
}
