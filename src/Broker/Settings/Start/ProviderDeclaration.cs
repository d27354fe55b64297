namespace Moldau.Broker.Settings.Start;

/// <summary>The names of a provider's settings: <c>config.providers.NAME.class</c> and <c>config.providers.NAME.param.PARAMETER</c>.</summary>
internal static class ProviderDeclaration
{
    public const string List = "config.providers";

    private const string Prefix = "config.providers.";

    public static bool IsOne(string setting) => setting.StartsWith(Prefix, StringComparison.Ordinal);

    public static string Class(string provider) => $"{Prefix}{provider}.class";

    public static string Parameter(string provider, string parameter) => $"{Prefix}{provider}.param.{parameter}";
}
