using System.Globalization;
using Moldau.Bench.Clients.Ours;
using Moldau.Bench.Clients.Worker;
using Moldau.Bench.Limit;
using Xunit;

namespace Moldau.Unit.Benchmarks;

/// <summary>Every kind of work is done by our client, against the broker that forgets what is written.</summary>
public class BareBrokerTests
{
    // It runs until the process ends.
    private static readonly Lazy<string> Bootstrap = new(static () =>
    {
        var broker = new BareBroker(folder: null);
        new Thread(broker.Run) { IsBackground = true }.Start();
        return string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{broker.Port}");
    });

    [Theory]
    [InlineData(nameof(ClientWork.Produce), 64 << 10, "none")]
    [InlineData(nameof(ClientWork.Produce), 4 << 20, "lz4")]
    [InlineData(nameof(ClientWork.Awaited), 64 << 10, "none")]
    [InlineData(nameof(ClientWork.RoundTrip), 64 << 10, "zstd")]
    [InlineData(nameof(ClientWork.Transactions), 64 << 10, "none")]
    [InlineData(nameof(ClientWork.Consume), 64 << 10, "none")]
    [InlineData(nameof(ClientWork.ConsumeBatches), 64 << 10, "none")]
    [InlineData(nameof(ClientWork.Handle), 64 << 10, "none")]
    public async Task Does_its_part_of_a_row(string work, int batchBytes, string codec)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the bare broker asks Linux itself");
        var task = new ClientTask(Enum.Parse<ClientWork>(work), Bootstrap.Value, 100, work == nameof(ClientWork.Handle), codec, batchBytes, 0);
        await using var load = MoldauLoads.Of(task);
        for (var turn = 0; turn < 2; turn++)
        {
            Assert.True(await load.RunAsync(new Deadline(TimeSpan.FromMilliseconds(100))).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken) > 0);
        }
    }

    [Fact]
    public async Task Encodes_alone()
    {
        await using var load = new EncodingLoad(new ClientTask(ClientWork.Produce, "", 1024, true, "lz4", 16 << 10, 0));
        Assert.True(await load.RunAsync(new Deadline(TimeSpan.FromMilliseconds(20))) > 0);
    }
}
