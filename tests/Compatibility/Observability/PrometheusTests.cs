using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Observability;

/// <summary>The dashboard, the rules and the table of MBeans, asked of the real Prometheus.</summary>
public sealed class PrometheusTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-prometheus-").FullName;

    [Fact]
    public async Task Every_expression_has_series_and_an_alert_fires_and_resolves()
    {
        await using var broker = await ObservedBroker.StartAsync(Path.Combine(_folder, "broker"));
        await using var prometheus = await Prometheus.StartAsync(_folder, broker.HttpAddress, Expressions.HastyRules());
        await broker.UseAsync();

        var missing = Expressions.All.ToHashSet();
        Assert.NotEmpty(missing);
        await UntilNoneAsync(prometheus, missing);

        await broker.HideAsync();
        await prometheus.UntilAsync("MoldauDown fires", async () => (await prometheus.FiringAsync()).Contains("MoldauDown"));
        await broker.ShowAsync();
        await prometheus.UntilAsync("MoldauDown is over", async () => !(await prometheus.FiringAsync()).Contains("MoldauDown"));
    }

    /// <summary>The check above can fail.</summary>
    [Fact]
    public async Task A_metric_that_is_not_there_has_no_series()
    {
        await using var broker = await ObservedBroker.StartAsync(Path.Combine(_folder, "broker"));
        await using var prometheus = await Prometheus.StartAsync(_folder, broker.HttpAddress, Expressions.HastyRules());
        await prometheus.UntilAsync("it was scraped", async () => await prometheus.CountAsync("moldau_ready == 1") == 1);
        Assert.Equal(0, await prometheus.CountAsync("moldau_no_such_metric"));
    }

    [Fact]
    public async Task The_rules_load() => Assert.Contains("SUCCESS", await ChildProcess.RunAsync("promtool to check the rules", TimeSpan.FromSeconds(30), "promtool", ["check", "rules", Expressions.RulesPath]));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task UntilNoneAsync(Prometheus prometheus, HashSet<string> missing)
    {
        try
        {
            await prometheus.UntilAsync("every expression has series", async () =>
            {
                foreach (var expression in missing.ToArray())
                {
                    if (await prometheus.CountAsync(expression) > 0) missing.Remove(expression);
                }

                return missing.Count == 0;
            });
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"no series for:\n{string.Join('\n', missing)}", late);
        }
    }
}
