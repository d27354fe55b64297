using Moldau.Storage.Files;

namespace Moldau.Broker.Security.Sasl.OAuth;

/// <summary>Gets a key set from where it is: a file, or over HTTP. Bounded in bytes and time.</summary>
internal sealed class KeyReader(ISmallFiles files, HttpMessageInvoker http, TimeProvider clock)
{
    private const int MostBytes = 1024 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <exception cref="TokenException">It cannot be had.</exception>
    public async Task<byte[]> ReadAsync(Uri where)
    {
        try
        {
            if (!where.IsFile) return await AskAsync(where).ConfigureAwait(false);
            var bytes = files.Read(where.LocalPath);
            return bytes.Length <= MostBytes ? bytes : throw TooLarge();
        }
        catch (Exception failure) when (failure is DiskException or HttpRequestException or IOException)
        {
            throw new TokenException(failure.Message);
        }
        catch (OperationCanceledException)
        {
            throw new TokenException($"no answer in {Deadline.TotalSeconds} seconds");
        }
    }

    private async Task<byte[]> AskAsync(Uri where)
    {
        using var patience = new CancellationTokenSource(Deadline, clock);
        using var request = new HttpRequestMessage(HttpMethod.Get, where);
        using var response = await http.SendAsync(request, patience.Token).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode) throw new TokenException($"status {(int)response.StatusCode}");
        using var stream = await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
        var bytes = new byte[MostBytes + 1];
        var count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, patience.Token).ConfigureAwait(false);
        return count <= MostBytes ? bytes[..count] : throw TooLarge();
    }

    private static TokenException TooLarge() => new($"it has more than {MostBytes} bytes");
}
