using System.Globalization;
using System.Text.RegularExpressions;
using Moldau.Broker.Diagnostics;
using Moldau.Compatibility.Client;
using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Observability;

/// <summary>Every MBean of a running Kafka has a row in the table, or a reason why not.</summary>
public class MBeansAgainstKafkaTests
{
    [Fact]
    public async Task Every_MBean_has_a_metric_or_a_reason()
    {
        KafkaJars.Require();
        await using var broker = await KafkaBroker.StartAsync(KafkaJars.Script);

        var theirs = await KafkaJars.RunAsync("Kafka's MBeans", TimeSpan.FromSeconds(60), "MBeans", [broker.ProcessId.ToString(CultureInfo.InvariantCulture)]);

        Assert.True(theirs.Count > 500, $"{theirs.Count} MBeans");
        Regex[] known = [.. BrokerMetrics.All.SelectMany(static row => row.MBeans).Select(static bean => bean.Name).Concat(MBeansWithout.All.Select(static row => row.Name)).Select(Pattern)];
        Assert.Equal([], theirs.Where(name => !known.Any(pattern => pattern.IsMatch(name))));
    }

    private static Regex Pattern(string name) => new("^" + Regex.Escape(name).Replace("\\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.CultureInvariant);
}
