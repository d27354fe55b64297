using System.Text;
using Moldau.ProtocolGenerator.Definitions;
using Moldau.Shared.Messages;

namespace Moldau.Unit.Repository;

/// <summary>The pages about messages, made from the definition files and the comments on top of them.</summary>
internal static class ProtocolPages
{
    private const string Generated = "<!-- Generated from protocol/*.def; a test fails when it is stale. -->";

    public static string Apis()
    {
        var page = Start("Requests", "Every request of the broker's listener, with the versions served.");
        page.AppendLine("| key | request | versions | flexible | advertised |");
        page.AppendLine("|---|---|---|---|---|");
        var apis = Read(FileKind.Api);
        foreach (var api in apis)
        {
            var request = api.Messages[0];
            var advertised = api.Advertised is { } wider ? wider.ToString() : "as served";
            page.AppendLine($"| {api.Number} | [{api.Name}](#{api.Name.ToLowerInvariant()}) | {request.Versions} | {Flexible(request)} | {advertised} |");
        }

        foreach (var api in apis) Describe(page, api, $"key {api.Number}, [definition](../../{api.Path})");
        return page.ToString();
    }

    public static string StoredRecords()
    {
        var page = Start(
            "Stored records",
            "What the internal topics hold. On disk the type stands in front of the key and the version in front of the value, two bytes each.");
        page.AppendLine("| topic | type | record | value versions | flexible |");
        page.AppendLine("|---|---|---|---|---|");
        var records = Read(FileKind.Record);
        foreach (var record in records)
        {
            var value = record.Messages[1];
            page.AppendLine($"| `{record.Topic}` | {record.Number} | [{record.Name}](#{record.Name.ToLowerInvariant()}) | {value.Versions} | {Flexible(value)} |");
        }

        foreach (var record in records) Describe(page, record, $"type {record.Number} of `{record.Topic}`, [definition](../../{record.Path})");
        return page.ToString();
    }

    private static List<DefinitionFile> Read(FileKind kind) =>
        [.. DefinitionFolder.Paths.Select(static path => DefinitionFolder.Read(path, out _))
            .Where(file => file.Kind == kind)
            .OrderBy(static file => file.Topic, StringComparer.Ordinal).ThenBy(static file => file.Number)];

    private static StringBuilder Start(string title, string introduction)
    {
        var page = new StringBuilder();
        page.AppendLine($"# {title}").AppendLine().AppendLine(Generated).AppendLine().AppendLine(introduction).AppendLine();
        return page;
    }

    private static void Describe(StringBuilder page, DefinitionFile file, string place)
    {
        page.AppendLine().AppendLine($"## {file.Name}").AppendLine().AppendLine(place).AppendLine();
        foreach (var line in file.Comment)
        {
            // A line of the form 'v7  zstd' tells what that version changed.
            var isChange = line.Length > 1 && line[0] == 'v' && char.IsAsciiDigit(line[1]);
            var gap = isChange ? line.IndexOf(' ', StringComparison.Ordinal) : -1;
            page.AppendLine(gap > 0 ? $"- **{line[..gap]}** {line[gap..].Trim()}" : line);
        }
    }

    private static string Flexible(MessageDefinition message) =>
        message.Flexible.Intersect(message.Versions) is { IsEmpty: false } range ? $"{range.First}+" : "never";
}
