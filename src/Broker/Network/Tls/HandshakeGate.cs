namespace Moldau.Broker.Network.Tls;

/// <summary>
/// So many handshakes compute at once, and no more, so that a crowd of them leaves processors to connections that are
/// served. One that waits for the other side's bytes holds no place: whoever begins and does not go on keeps nobody out.
/// </summary>
internal sealed class HandshakeGate(int places) : IDisposable
{
    private readonly SemaphoreSlim _places = new(places, places);

    public int Places { get; } = places;

    public Task EnterAsync(CancellationToken cancellation) => _places.WaitAsync(cancellation);

    public void Leave() => _places.Release();

    public void Dispose() => _places.Dispose();
}
