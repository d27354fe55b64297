namespace Moldau.Testing;

/// <summary>
/// A broker that all tests of a class or collection share, for any test framework that makes and disposes fixtures: in xunit
/// <c>IClassFixture&lt;EmbeddedBrokerFixture&gt;</c>. Derive from it to give it options.
/// </summary>
public class EmbeddedBrokerFixture : IAsyncDisposable, IDisposable
{
    public EmbeddedBrokerFixture()
        : this(null)
    {
    }

    /// <summary>Starts it; frameworks make fixtures synchronously, and it takes milliseconds.</summary>
    protected EmbeddedBrokerFixture(EmbeddedBrokerOptions? options) =>
        Broker = Task.Run(() => EmbeddedBroker.StartAsync(options)).GetAwaiter().GetResult();

    public EmbeddedBroker Broker { get; }

    public string BootstrapServers => Broker.BootstrapServers;

    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    public void Dispose()
    {
        Task.Run(async () => await Broker.DisposeAsync().ConfigureAwait(false)).GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }
}
