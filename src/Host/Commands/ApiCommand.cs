using System.CommandLine;
using Moldau.Protocol.Messages;

namespace Moldau.Host.Commands;

/// <summary><c>moldau api</c>: which APIs of the protocol this build speaks, and in which versions.</summary>
internal static class ApiCommand
{
    public static Command Create(TextWriter output)
    {
        var format = FormatOption.Create();
        var command = new Command("api", "Lists the protocol's APIs and their versions") { format };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(format) == OutputFormat.Json) WriteJson(output);
            else WriteText(output);
        });
        return command;
    }

    private static void WriteText(TextWriter output)
    {
        var table = new TextTable("KEY", "NAME", "VERSIONS", "ADVERTISED", "FLEXIBLE");
        foreach (var api in ApiTable.All)
        {
            table.Add(
                $"{(short)api.Key}",
                api.Name,
                Range(api.LowestVersion, api.HighestVersion),
                Range(api.LowestAdvertisedVersion, api.HighestAdvertisedVersion),
                HasFlexible(api) ? $"{api.FirstFlexibleVersion}+" : "-");
        }

        table.Write(output);
    }

    private static void WriteJson(TextWriter output)
    {
        var rows = new JsonRows();
        foreach (var api in ApiTable.All)
        {
            rows.Add(json =>
            {
                json.WriteNumber("key", (short)api.Key);
                json.WriteString("name", api.Name);
                json.WriteNumber("lowestVersion", api.LowestVersion);
                json.WriteNumber("highestVersion", api.HighestVersion);
                json.WriteNumber("lowestAdvertisedVersion", api.LowestAdvertisedVersion);
                json.WriteNumber("highestAdvertisedVersion", api.HighestAdvertisedVersion);
                if (HasFlexible(api)) json.WriteNumber("firstFlexibleVersion", api.FirstFlexibleVersion);
                else json.WriteNull("firstFlexibleVersion");
            });
        }

        rows.Write(output);
    }

    private static bool HasFlexible(ApiDescription api) => api.FirstFlexibleVersion <= api.HighestVersion;

    private static string Range(short lowest, short highest) => lowest == highest ? $"{lowest}" : $"{lowest}-{highest}";
}
