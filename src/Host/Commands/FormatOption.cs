using System.CommandLine;

namespace Moldau.Host.Commands;

/// <summary>The <c>--format</c> every verb that prints data takes.</summary>
internal static class FormatOption
{
    private static readonly (string Name, OutputFormat Format)[] Tables = [("text", OutputFormat.Text), ("json", OutputFormat.Json)];

    private static readonly (string Name, OutputFormat Format)[] Rows = [("text", OutputFormat.Text), ("json", OutputFormat.Json), ("yaml", OutputFormat.Yaml)];

    private static readonly (string Name, OutputFormat Format)[] Everything =
        [("text", OutputFormat.Text), ("wide", OutputFormat.Wide), ("json", OutputFormat.Json), ("yaml", OutputFormat.Yaml)];

    public static Option<OutputFormat> Create() => Create("text (aligned columns) or json", Tables);

    public static Option<OutputFormat> CreateWithYaml() => Create("text (for people), json or yaml", Rows);

    public static Option<OutputFormat> CreateFull() => Create("text (aligned columns), wide (more of them), json or yaml", Everything);

    private static Option<OutputFormat> Create(string description, (string Name, OutputFormat Format)[] formats) => new("--format")
    {
        Description = description,
        HelpName = string.Join('|', formats.Select(static format => format.Name)),
        CustomParser = argument =>
        {
            var given = argument.Tokens[0].Value;
            foreach (var (name, format) in formats)
            {
                if (name == given) return format;
            }

            var names = formats.Select(static format => format.Name).ToList();
            argument.AddError($"--format takes {string.Join(", ", names[..^1])} or {names[^1]}, not '{given}'");
            return default;
        },
    };
}
