using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Moldau.Compatibility.Connect;

/// <summary>Several workers, asked over HTTP as their users do.</summary>
internal sealed class ConnectCluster(string broker) : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(100) };
    private readonly List<ConnectWorker> _workers = [];

    public async Task StartWorkersAsync(int count)
    {
        foreach (var starting in Enumerable.Range(0, count).Select(_ => ConnectWorker.StartAsync(broker)).ToList()) _workers.Add(await starting);
    }

    public async Task KillFirstWorkerAsync()
    {
        _workers[0].Kill();
        await _workers[0].DisposeAsync();
        _workers.RemoveAt(0);
    }

    /// <summary>Until it is taken: a worker refuses while the group finds itself.</summary>
    public async Task PutAsync(string connector, Dictionary<string, string> settings)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var told = await TryAsync(async () =>
            {
                using var answer = await _http.PutAsJsonAsync(new Uri(_workers[0].Address, $"connectors/{connector}/config"), settings);
                return answer.IsSuccessStatusCode ? null : await answer.Content.ReadAsStringAsync();
            });
            if (told is null) return;
            if (TimeProvider.System.GetElapsedTime(since) > Deadline) throw new TimeoutException($"waited {Deadline.TotalSeconds} s to make {connector}: {told}\n{_workers[0].Said}");
            await Task.Delay(200);
        }
    }

    /// <summary>Waits until all connectors and their tasks run, each of the workers that are alive has some, and nobody else has.</summary>
    public async Task UntilSharedAsync(params string[] connectors)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var told = await TryAsync(() => UnsharedAsync(connectors));
            if (told is null) return;
            if (TimeProvider.System.GetElapsedTime(since) > Deadline) throw new TimeoutException($"waited {Deadline.TotalSeconds} s for the work to be shared: {told}\n{Said}");
            await Task.Delay(200);
        }
    }

    public string Said => string.Join("\n\n", _workers.Select(static worker => $"{worker.Id}:\n{worker.Said}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers) await worker.DisposeAsync();
        _http.Dispose();
    }

    /// <returns>What is not yet as it should be; null where all is.</returns>
    private async Task<string?> UnsharedAsync(string[] connectors)
    {
        var busy = new HashSet<string>();
        foreach (var connector in connectors)
        {
            var status = (await _http.GetFromJsonAsync<JsonNode>(new Uri(_workers[0].Address, $"connectors/{connector}/status")))!;
            var tasks = status["tasks"]!.AsArray();
            if (tasks.Count == 0) return $"{connector} has no tasks";
            foreach (var one in tasks.Append(status["connector"]))
            {
                if ((string?)one!["state"] != "RUNNING") return status.ToJsonString();
                busy.Add((string)one["worker_id"]!);
            }
        }

        return busy.SetEquals(_workers.Select(static worker => worker.Id)) ? null : $"work is with {string.Join(", ", busy)}";
    }

    private static async Task<string?> TryAsync(Func<Task<string?>> ask)
    {
        try
        {
            return await ask();
        }
        catch (HttpRequestException refused)
        {
            return refused.Message;
        }
    }
}
