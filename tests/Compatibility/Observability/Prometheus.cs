using System.Globalization;
using System.Text.Json;
using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Observability;

/// <summary>Debian's Prometheus on a port and a folder of its own; whatever the package started for itself is left alone.</summary>
internal sealed class Prometheus : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly TalkingProgram _program;
    private readonly HttpClient _http;

    private Prometheus(TalkingProgram program, int port)
    {
        _program = program;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <param name="folder">Empty, for its files.</param>
    /// <param name="target">Whom it is to scrape, every second.</param>
    /// <param name="rules">What its alerts are to be.</param>
    public static async Task<Prometheus> StartAsync(string folder, string target, string rules)
    {
        var port = FreePorts.One();
        var config = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(Path.Combine(folder, "alerts.yml"), rules);
        await File.WriteAllTextAsync(config, $$"""
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: [alerts.yml]
            scrape_configs:
              - job_name: moldau
                static_configs: [{targets: ['{{target}}']}]
            """);
        var program = TalkingProgram.Start(
            "Prometheus", "prometheus", "--config.file=" + config, "--storage.tsdb.path=" + Path.Combine(folder, "data"),
            "--web.listen-address=" + string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"));
        var prometheus = new Prometheus(program, port);
        await prometheus.UntilAsync("Prometheus is ready", async () =>
        {
            try
            {
                return (await prometheus._http.GetAsync("/-/ready")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return prometheus;
    }

    /// <summary>How many series an expression has now.</summary>
    public async Task<int> CountAsync(string query)
    {
        using var answer = await AskAsync("/api/v1/query?query=" + Uri.EscapeDataString(query));
        return answer.RootElement.GetProperty("data").GetProperty("result").GetArrayLength();
    }

    /// <summary>The alerts that fire.</summary>
    public async Task<HashSet<string>> FiringAsync()
    {
        using var answer = await AskAsync("/api/v1/alerts");
        return [.. answer.RootElement.GetProperty("data").GetProperty("alerts").EnumerateArray()
            .Where(static alert => alert.GetProperty("state").GetString() == "firing")
            .Select(static alert => alert.GetProperty("labels").GetProperty("alertname").GetString()!)];
    }

    public async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        var until = DateTime.UtcNow + Deadline;
        while (!await holds())
        {
            if (DateTime.UtcNow > until) throw new TimeoutException($"waited {Deadline.TotalSeconds} s until: {what}\n{_program.Said}");
            await Task.Delay(200);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _program.DisposeAsync();
    }

    private async Task<JsonDocument> AskAsync(string path)
    {
        using var answer = await _http.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text) : throw new InvalidOperationException($"{path}: {text}");
    }
}
