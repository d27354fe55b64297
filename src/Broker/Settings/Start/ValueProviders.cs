using System.Text.RegularExpressions;
using Moldau.Storage.Files;

namespace Moldau.Broker.Settings.Start;

/// <summary>
/// Puts what providers say into values: <c>${PROVIDER:KEY}</c> or <c>${PROVIDER:PATH:KEY}</c>, once, for the providers that
/// <c>config.providers</c> names. What they do not know, and whatever names another provider, stays as it is.
/// </summary>
internal sealed partial class ValueProviders
{
    private const string EnvironmentClass = "org.apache.kafka.common.config.provider.EnvVarConfigProvider";
    private const string FileClass = "org.apache.kafka.common.config.provider.FileConfigProvider";
    private const string DirectoryClass = "org.apache.kafka.common.config.provider.DirectoryConfigProvider";

    private readonly Dictionary<string, IValueProvider> _providers = new(StringComparer.Ordinal);

    /// <param name="given">All settings given; those that declare providers are among them.</param>
    /// <param name="environment">What is looked up in it.</param>
    /// <param name="files">Where files are read.</param>
    /// <param name="faults">What is wrong with the declarations goes here.</param>
    public ValueProviders(
        IReadOnlyDictionary<string, GivenSetting> given, IReadOnlyDictionary<string, string> environment, ISmallFiles files, List<string> faults)
    {
        if (!given.TryGetValue(ProviderDeclaration.List, out var list)) return;
        foreach (var name in list.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct())
        {
            if (!given.TryGetValue(ProviderDeclaration.Class(name), out var type))
            {
                faults.Add($"{list.Where}: the provider '{name}' has no class: set {ProviderDeclaration.Class(name)} to {EnvironmentClass}, {FileClass} or {DirectoryClass}");
                continue;
            }

            try
            {
                _providers[name] = Make(name, type, parameter => given.TryGetValue(ProviderDeclaration.Parameter(name, parameter), out var value) ? value.Value : null, environment, files);
            }
            catch (Exception fault) when (fault is ProviderException or ArgumentException)
            {
                faults.Add($"{type.Where}: the provider '{name}': {fault.Message}");
            }
        }
    }

    /// <param name="setting">Whose value is looked through.</param>
    /// <param name="notes">What no provider knew goes here.</param>
    /// <exception cref="ProviderException">Something could not be looked up.</exception>
    public string Resolve(GivenSetting setting, List<string> notes) => _providers.Count == 0
        ? setting.Value
        : Form().Replace(setting.Value, form =>
        {
            if (!_providers.TryGetValue(form.Groups["provider"].Value, out var provider)) return form.Value;
            if (provider.Find(form.Groups["path"].Value, form.Groups["key"].Value) is { } value) return value;
            notes.Add($"{setting.Where}: {form.Value} in {setting.Name} stays as it is: the provider knows no such value, or may not tell it");
            return form.Value;
        });

    private static IValueProvider Make(
        string name, GivenSetting type, Func<string, string?> parameter, IReadOnlyDictionary<string, string> environment, ISmallFiles files)
    {
        string[] known = [EnvironmentClass, FileClass, DirectoryClass];
        return type.Value.Trim() switch
        {
            EnvironmentClass => new EnvironmentProvider(environment, parameter("allowlist.pattern") is { } pattern ? new Regex($"^(?:{pattern})\\z") : null),
            FileClass => new FileProvider(files, new AllowedPaths(parameter("allowed.paths"))),
            DirectoryClass => new DirectoryProvider(files, new AllowedPaths(parameter("allowed.paths"))),
            var other => throw new ProviderException(
                $"'{other}' is no provider of this build: {ProviderDeclaration.Class(name)} takes one of {string.Join(", ", known)}{(NearestName.Find(other, known) is { } near ? $"; did you mean {near}?" : "")}"),
        };
    }

    [GeneratedRegex(@"\$\{(?<provider>[^}]*?):(?:(?<path>[^}]*?):)?(?<key>[^}]*?)\}")]
    private static partial Regex Form();
}
