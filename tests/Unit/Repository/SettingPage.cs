using System.Text;
using Moldau.Broker.Settings;

namespace Moldau.Unit.Repository;

/// <summary>The page of settings, made from their tables.</summary>
internal static class SettingPage
{
    public static string Text()
    {
        var page = new StringBuilder();
        page.AppendLine("# Settings").AppendLine();
        page.AppendLine("<!-- Generated from the tables of settings; a test fails when it is stale. -->").AppendLine();
        page.AppendLine("A broker reads its settings from a file of properties, then from the environment, then from `--set NAME=VALUE`; the later");
        page.AppendLine("counts. A variable is `MOLDAU_` and the name in upper case with `_` for each dot: `MOLDAU_LOG_RETENTION_MS`; a setting that");
        page.AppendLine("begins with `moldau.` does not say so twice: `MOLDAU_DURABILITY`. While it runs, what is set for one node comes before what");
        page.AppendLine("is set for all, and both before what the start found.").AppendLine();
        page.AppendLine("A variable that may mean the settings of two listeners, since names of listeners may have underscores too, is refused with both.").AppendLine();
        page.AppendLine("In a value, `${NAME:KEY}` and `${NAME:PATH:KEY}` are looked up where `config.providers` lists NAME and `config.providers.NAME.class`");
        page.AppendLine("says how: Kafka's `EnvVarConfigProvider`, `FileConfigProvider` and `DirectoryConfigProvider` are known, in the package");
        page.AppendLine("`org.apache.kafka.common.config.provider`, with the parameters `config.providers.NAME.param.allowlist.pattern` of the first and");
        page.AppendLine("`config.providers.NAME.param.allowed.paths` of the others. Anything else that looks so stays as it is.").AppendLine();
        page.AppendLine("An unknown name or an impossible value stops a start. In front of a setting, `listener.name.NAME.` makes it one listener's.").AppendLine();

        page.AppendLine("## Of a broker").AppendLine();
        page.AppendLine("Changed while running: `-` not at all, `node` on one node at a time, `all` on one node or for all at once.").AppendLine();
        page.AppendLine("| name | type | default | possible | changed | importance | meaning |");
        page.AppendLine("|---|---|---|---|---|---|---|");
        foreach (var row in SettingTables.Broker.All.Where(static row => !row.HasNoEffect))
            page.AppendLine($"{Facts(row)} | {Changed(row)} | {Word(row.Importance)} | {row.Documentation} |");

        Section(page, "Of a topic", "Where a topic has no value of its own, the broker's setting counts.", SettingTables.Topic);
        Section(page, "Of a group", "Where a group has no value of its own, the broker's setting counts. The broker also bounds what a group may be given.", SettingTables.Group);
        Section(page, "Of a subscription to the metrics of clients", "", SettingTables.ClientMetrics);

        page.AppendLine().AppendLine("## Without effect").AppendLine();
        page.AppendLine("Kafka's, checked and kept, so that a file written for Kafka is taken. They change nothing here, and a start says so in its log.").AppendLine();
        page.AppendLine("| name | type | why |");
        page.AppendLine("|---|---|---|");
        foreach (var row in SettingTables.Broker.All.Where(static row => row.HasNoEffect)) page.AppendLine($"| {row.Name} | {Word(row.Type)} | {row.Documentation} |");
        return page.ToString();
    }

    private static void Section(StringBuilder page, string title, string text, SettingTable table)
    {
        page.AppendLine().AppendLine($"## {title}").AppendLine();
        if (text.Length > 0) page.AppendLine(text).AppendLine();
        page.AppendLine("| name | type | default | possible | the broker's | meaning |");
        page.AppendLine("|---|---|---|---|---|---|");
        foreach (var row in table.All)
            page.AppendLine($"{Facts(row)} | {row.BrokerName} | {(row.HasNoEffect ? "Without effect. " : "")}{row.Documentation} |");
    }

    private static string Facts(SettingDeclaration row) => $"| {row.Name} | {Word(row.Type)} | {row.Default ?? "-"} | {row.Rule.Text.Replace("|", "\\|", StringComparison.Ordinal)}";

    private static string Changed(SettingDeclaration row) => row.Change switch
    {
        SettingChange.PerBroker => "node",
        SettingChange.ClusterWide => "all",
        _ => "-",
    };

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
