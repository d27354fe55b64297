namespace Moldau.Host.Commands.Debugging;

/// <summary>Asks a broker's HTTP whether it serves.</summary>
internal static class HealthPage
{
    /// <returns>Whether it does, its word for it or why nobody said one, and what time it is there.</returns>
    public static async Task<(bool IsReady, string State, DateTimeOffset? Time)> AskAsync(string http, TimeSpan timeout)
    {
        if (!Uri.TryCreate($"http://{http}/health/ready", UriKind.Absolute, out var address)) throw new MisuseException($"'{http}' is no address; --http takes HOST:PORT");
        using var client = new HttpClient { Timeout = timeout };
        try
        {
            using var answer = await client.GetAsync(address).ConfigureAwait(false);
            var text = (await answer.Content.ReadAsStringAsync().ConfigureAwait(false)).Trim();
            return (answer.IsSuccessStatusCode, text.Length > 0 ? text : $"{http} answers with {(int)answer.StatusCode}", answer.Headers.Date);
        }
        catch (HttpRequestException failure)
        {
            return (false, $"nobody answers HTTP on {http}: {failure.Message}; a broker says at its start where its HTTP is, and --http takes it", null);
        }
        catch (TaskCanceledException)
        {
            return (false, $"{http} did not answer within {timeout.TotalSeconds:0.#} s", null);
        }
    }
}
