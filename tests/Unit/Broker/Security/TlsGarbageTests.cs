using System.Net.Sockets;
using Moldau.Broker.Network;
using Moldau.Broker.Network.Tls;
using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Serving;
using Moldau.Unit.Broker.Timing;
using Xunit;

namespace Moldau.Unit.Broker.Security;

/// <summary>Whoever comes with no handshake, half of one, or thousands of them takes nothing from those that are served.</summary>
public class TlsGarbageTests
{
    [Fact]
    public async Task Who_speaks_without_TLS_and_who_speaks_it_elsewhere_is_told_apart()
    {
        await using var broker = await TlsBroker.StartAsync();
        using (var plain = await Conversation.ConnectAsync(broker.Tls))
        {
            await plain.SendAsync(ApiKey.ApiVersions, 0, new ApiVersionsRequest());
            await plain.ExpectClosedAsync();
        }

        await broker.Lines.WaitForAsync("its first byte is 0x00, and TLS begins with 0x16: it speaks without TLS (security.protocol of the client)");
        await Assert.ThrowsAnyAsync<IOException>(() => Conversation.ConnectAsync(broker.Plain, tls: TlsBroker.Options()));
        await broker.Lines.WaitForAsync("it speaks TLS, and this listener does not (security.protocol of the client)");
        Assert.Equal((1, 1), (broker.Broker.Server.Connections.Tls.NotTls, broker.Broker.Server.Connections.Tls.OnPlain));
    }

    [Fact]
    public async Task Damaged_handshakes_end_their_own_connection_only()
    {
        await using var broker = await TlsBroker.StartAsync();
        var hello = await HelloAsync();
        var chance = new Random(7);
        const int Count = 60;
        for (var i = 0; i < Count; i++)
        {
            var bytes = (byte[])hello.Clone();
            for (var damage = chance.Next(1, 6); damage > 0; damage--) bytes[chance.Next(5, bytes.Length)] = (byte)chance.Next(256);
            using var socket = await ConnectAsync(broker);
            await socket.GetStream().WriteAsync(i % 3 == 0 ? bytes.AsMemory(0, chance.Next(1, bytes.Length)) : bytes, TestContext.Current.CancellationToken);
            socket.Client.Shutdown(SocketShutdown.Send);
        }

        using var client = await broker.ConnectAsync();
        await TlsBroker.AskAsync(client);
        var counts = broker.Broker.Server.Connections.Tls;
        while (counts.UnderWay > 0 || counts.Broken + counts.Completed < Count + 1) await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Equal((1, Count), (counts.Completed, counts.Broken));
        Assert.Equal(0, counts.Refused + counts.NotTls + counts.TimedOut);
        // However many they are, the log is not theirs.
        Assert.True(broker.Lines.All.Count(static line => line.Contains("TLS with", StringComparison.Ordinal)) <= 20);
    }

    [Fact]
    public async Task Handshakes_that_hang_keep_nobody_out_and_end_by_their_deadline()
    {
        await using var broker = await TlsBroker.StartAsync(("moldau.ssl.handshake.timeout.ms", "2000"));
        var hello = await HelloAsync();
        var hanging = new List<TcpClient>();
        for (var i = 0; i < 100; i++)
        {
            var socket = await ConnectAsync(broker);
            // Nothing, a part, or all of it, and then silence.
            if (i % 3 > 0) await socket.GetStream().WriteAsync(hello.AsMemory(0, i % 3 == 1 ? 100 : hello.Length), TestContext.Current.CancellationToken);
            hanging.Add(socket);
        }

        using (var client = await broker.ConnectAsync()) await TlsBroker.AskAsync(client);
        foreach (var socket in hanging)
        {
            await ReadToEndAsync(socket);
            socket.Dispose();
        }

        var counts = broker.Broker.Server.Connections.Tls;
        while (counts.UnderWay > 0) await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Equal((1, 100), (counts.Completed, counts.TimedOut));
        await broker.Lines.WaitForAsync("its handshake had not ended after 2000 ms (moldau.ssl.handshake.timeout.ms)");
    }

    [Fact]
    public async Task Thousands_from_one_address_are_held_to_their_number_while_they_shake_hands()
    {
        await using var broker = await TlsBroker.StartAsync(("max.connections.per.ip", "50"));
        using var served = await broker.ConnectAsync();
        var knocking = new List<TcpClient>();
        for (var i = 0; i < 2000; i++)
        {
            knocking.Add(await ConnectAsync(broker));
            if (i % 100 == 0) await TlsBroker.AskAsync(served);
        }

        Assert.True(broker.Broker.Server.Connections.Count <= 50);
        await broker.Lines.WaitForAsync("max.connections.per.ip is 50");
        Assert.True(broker.Lines.All.Count(static line => line.Contains("refused", StringComparison.Ordinal)) <= 30);
        foreach (var socket in knocking) socket.Dispose();
        while (broker.Broker.Server.Connections.Count > 1) await Task.Delay(10, TestContext.Current.CancellationToken);
        using var late = await broker.ConnectAsync();
        await TlsBroker.AskAsync(late);
    }

    [Fact]
    public void Lines_beyond_their_number_are_counted_and_told_with_the_next()
    {
        var clock = new TimerClock();
        var pace = new LinePace(clock, 2, TimeSpan.FromSeconds(1));
        Assert.Equal([0, 0, -1, -1], Enumerable.Range(0, 4).Select(_ => pace.Take()));
        clock.Move(1000);
        Assert.Equal([2, 0, -1], Enumerable.Range(0, 3).Select(_ => pace.Take()));
    }

    /// <summary>What a client of the framework begins with.</summary>
    private static async Task<byte[]> HelloAsync()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var hello = Conversation.ConnectAsync((System.Net.IPEndPoint)listener.LocalEndpoint, tls: TlsBroker.Options());
        using (var taken = await listener.AcceptTcpClientAsync())
        {
            var head = new byte[5];
            await taken.GetStream().ReadExactlyAsync(head);
            var rest = new byte[(head[3] << 8) | head[4]];
            await taken.GetStream().ReadExactlyAsync(rest);
            taken.Dispose();
            await Assert.ThrowsAnyAsync<Exception>(() => hello);
            return [.. head, .. rest];
        }
    }

    private static async Task<TcpClient> ConnectAsync(TlsBroker broker)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(broker.Tls);
        return socket;
    }

    private static async Task ReadToEndAsync(TcpClient socket)
    {
        var room = new byte[4096];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            while (await socket.GetStream().ReadAsync(room, patience.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset, which is an end, too.
        }
    }
}
