using System.Text.Json;
using System.Text.RegularExpressions;
using Moldau.Broker.Diagnostics;
using Moldau.Shared;

namespace Moldau.Compatibility.Observability;

/// <summary>Everything that the dashboard, the rules and the table of MBeans ask Prometheus.</summary>
internal static partial class Expressions
{
    public static string RulesPath => Path.Combine(RepositoryPaths.Root, "observability", "alerts.yml");

    public static IEnumerable<string> All => [.. OfDashboard(), .. OfRules(), .. OfMBeans()];

    /// <summary>The rules, firing at once.</summary>
    public static string HastyRules() => WaitLine().Replace(File.ReadAllText(RulesPath), "");

    private static IEnumerable<string> OfDashboard()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryPaths.Root, "observability", "grafana.json")));
        return [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .Where(static panel => panel.TryGetProperty("targets", out _))
            .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
            .Select(static target => target.GetProperty("expr").GetString()!.Replace("$instance", ".*", StringComparison.Ordinal).Replace("$__rate_interval", "10s", StringComparison.Ordinal))];
    }

    /// <summary>What they compare: the comparison itself has series only while something is wrong.</summary>
    private static IEnumerable<string> OfRules() => ExpressionLine().Matches(File.ReadAllText(RulesPath))
        .SelectMany(static match => match.Groups[1].Value.Split(" or "))
        .Select(static expression => Comparison().Replace(expression, ""));

    private static IEnumerable<string> OfMBeans() => BrokerMetrics.All.SelectMany(static row => row.MBeans.Select(bean => bean.Query ?? (row.Kind == MetricKind.Histogram ? row.PageName + "_bucket" : row.PageName)));

    [GeneratedRegex(@"^ +for: .*\n", RegexOptions.Multiline)]
    private static partial Regex WaitLine();

    [GeneratedRegex(@"^ +expr: (.*)$", RegexOptions.Multiline)]
    private static partial Regex ExpressionLine();

    [GeneratedRegex(@" (==|<|>) [0-9.]+$")]
    private static partial Regex Comparison();
}
