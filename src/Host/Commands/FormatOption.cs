using System.CommandLine;

namespace Moldau.Host.Commands;

/// <summary>The <c>--format</c> every verb that prints data takes.</summary>
internal static class FormatOption
{
    public static Option<OutputFormat> Create() => new("--format")
    {
        Description = "text (aligned columns) or json",
        HelpName = "text|json",
        CustomParser = argument =>
        {
            var given = argument.Tokens[0].Value;
            switch (given)
            {
                case "text": return OutputFormat.Text;
                case "json": return OutputFormat.Json;
                default:
                    argument.AddError($"--format takes text or json, not '{given}'");
                    return default;
            }
        },
    };
}
