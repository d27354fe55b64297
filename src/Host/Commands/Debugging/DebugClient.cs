using System.Net;
using System.Text.Json;
using Moldau.Broker.Diagnostics;
using Moldau.Host.Serving;

namespace Moldau.Host.Commands.Debugging;

/// <summary>Asks a broker's HTTP for a report.</summary>
internal static class DebugClient
{
    /// <returns>The report, or why there is none.</returns>
    public static async Task<(PartitionReport? Report, string? Problem)> AskAsync(string http, string path, TimeSpan timeout)
    {
        if (!Uri.TryCreate($"http://{http}{path}", UriKind.Absolute, out var address)) throw new MisuseException($"'{http}' is no address; --http takes HOST:PORT");
        using var client = new HttpClient { Timeout = timeout };
        try
        {
            using var answer = await client.GetAsync(address).ConfigureAwait(false);
            var text = await answer.Content.ReadAsStringAsync().ConfigureAwait(false);
            if (answer.IsSuccessStatusCode) return (JsonSerializer.Deserialize(text, ReportJson.Default.PartitionReport), null);
            return (null, answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden && text.Length > 0 ? text.Trim() : NoBroker(http));
        }
        catch (HttpRequestException failure)
        {
            return (null, $"nobody answers HTTP on {http}: {failure.Message}; a broker says at its start where its HTTP is, and --http takes it");
        }
        catch (TaskCanceledException)
        {
            return (null, $"{http} did not answer within {timeout.TotalSeconds:0.#} s");
        }
        catch (JsonException)
        {
            return (null, NoBroker(http));
        }
    }

    private static string NoBroker(string http) => $"what answers on {http} is no broker that knows this; a broker says at its start where its HTTP is, and --http takes it";
}
