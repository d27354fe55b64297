using Moldau.Broker.Settings;
using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Settings;

/// <summary>Each setting takes and refuses what Kafka's takes and refuses, and tells of it in the same words.</summary>
public class SettingValuesAgainstKafkaTests
{
    private static readonly string[] Texts =
    [
        "", " ", "0", "1", " 2 ", "-1", "-2", "-3", "+7", "-0", "007", "10", "11", "17", "18", "22", "23", "99", "100", "1000", "1023", "1024", "2000", "10000",
        "1048575", "1048576", "2147483647", "2147483648", "-2147483648", "32767", "32768", "9223372036854775807", "9223372036854775808", "-131073",
        "0.5", ".5", "5.", "1.5", "1e3", "1E-4", "1d", "2F", "1e10", "12345678.9", "0.001", "0.0001234", "123456.789", "1.7976931348623157E308", "1_000", "0x10", "5L",
        "NaN", "Infinity", "true", "False", " TRUE", "yes", "none", "required", "a", "a,b", " a , b ", "a,,b", ",", "a,a", "delete", "compact", "delete,compact", "Delete", "delete,delete",
        "producer", "gzip", "GZIP", "uncompressed", "CreateTime", "createtime", "LogAppendTime", "*", "*,0:1", "0:1", "0:1,2:3", "0:1,0:1", "1:x", "classic", "share,classic", "PLAINTEXT",
        "upgrade", "BIDIRECTIONAL", "latest", "earliest", "by_duration:PT1H", "by_duration:-PT1H", "by_duration:P1DT2H3M4.5S", "by_duration:PT", "by_duration:P", "by_duration:P1D",
        "by_duration:PT1.5H", "by_duration:pt1s", "by_duration:", "by_duration:PT0S", "by_duration:P1W", "by_duration:PT1M-60S", "by_duration:-PT-1S", "read_committed", "RS256", "es256", "broker",
    ];

    [Fact]
    public async Task Each_setting_takes_what_Kafkas_takes()
    {
        KafkaJars.Require();
        var cases = new List<(string Table, SettingDeclaration Setting, string Text)>();
        var known = (await KafkaSettings.FactsAsync("setting")).Select(static parts => (parts[0], parts[1])).ToHashSet();
        foreach (var (table, rows) in new[] { ("broker", SettingTables.Broker), ("topic", SettingTables.Topic), ("group", SettingTables.Group), ("client-metrics", SettingTables.ClientMetrics) })
        {
            foreach (var row in rows.All)
            {
                // Kafka loads a class to see whether its name is one, and knows what its quorum's addresses look like.
                if (row.Type == SettingType.Class || row.Name.StartsWith("controller.quorum.", StringComparison.Ordinal) || !known.Contains((table, row.Name))) continue;
                // Two empty names of replicas pass Kafka's pattern as a list of none.
                cases.AddRange(Texts.Where(text => text != "," || row.Rule != SettingRule.ThrottledReplicas).Select(text => (table, row, text)));
            }
        }

        var answers = await KafkaSettings.AskAsync(
            "values of Kafka's settings", cases.Select(static one => $"value\t{one.Table}\t{one.Setting.Name}\t{KafkaSettings.Hex(one.Text)}"));

        var faults = new List<string>();
        foreach (var (one, theirs) in cases.Zip(answers))
        {
            var ours = SettingParser.Parse(one.Setting, one.Text, out var value) is not null ? "refused"
                : $"taken\t{KafkaSettings.Hex(one.Setting.IsSensitive ? "[hidden]" : SettingParser.Print(value!))}";
            if (ours != theirs) faults.Add($"{one.Table} {one.Setting.Name} '{one.Text}': {ours}, Kafka's {theirs}");
        }

        Assert.Equal(cases.Count, answers.Count);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
