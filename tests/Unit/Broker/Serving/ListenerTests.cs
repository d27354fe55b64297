using Xunit;

namespace Moldau.Unit.Broker.Serving;

/// <summary>One port, one broker.</summary>
public class ListenerTests
{
    [Fact]
    public async Task A_second_broker_is_refused_the_port_and_a_restart_has_it_at_once()
    {
        await using var broker = await TestBroker.StartAsync();
        var port = new Dictionary<string, string> { ["listeners"] = $"PLAINTEXT://{broker.Address}" };
        var refused = await Assert.ThrowsAsync<IOException>(() => TestBroker.StartAsync(settings: port));
        Assert.Contains($"cannot listen on {broker.Address} (listener PLAINTEXT)", refused.Message, StringComparison.Ordinal);

        // The broker ends first, so its side of the connection is what waits for stragglers.
        using (var client = await broker.ConnectAsync())
        {
            await client.CreateAsync("t");
            await broker.DisposeAsync();
        }

        await using var again = await TestBroker.StartAsync(settings: port);
        using var other = await again.ConnectAsync();
        await other.CreateAsync("t");
    }
}
