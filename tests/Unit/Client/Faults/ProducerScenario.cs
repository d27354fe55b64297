using System.Globalization;
using Moldau.Client;
using Moldau.Client.Producing;
using Moldau.Testing.Faults;
using Xunit;

namespace Moldau.Unit.Client.Faults;

/// <summary>An idempotent producer: everything is there once and in order.</summary>
internal sealed class ProducerScenario : FaultScenario
{
    private const int Records = 30;

    // A record makes a batch.
    private static readonly ProducerOptions Small = new() { BatchBytes = 1, Linger = TimeSpan.Zero, DeliveryTimeout = TimeSpan.FromHours(1) };

    protected override async Task WorkAsync(KafkaClient kafka, Fault fault)
    {
        await using (var producer = kafka.CreateProducer(Small))
        {
            for (var i = 0; i < Records; i++)
            {
                for (var partition = 0; partition < Partitions; partition++) await producer.EnqueueAsync(Topic, Record(Text(i), partition));
            }

            var summary = await producer.FlushAsync();
            Assert.Equal((Records * Partitions, 0), (summary.Delivered, summary.Lost.Count));
        }

        var expected = Enumerable.Range(0, Records).Select(Text).ToList();
        Assert.All(await ReadAsync(), values => Assert.Equal(expected, values));
    }

    protected override async Task CloseAsync(KafkaClient kafka, Fault fault, bool isClientFirst)
    {
        var producer = kafka.CreateProducer(Small);
        var sends = Enumerable.Range(0, Records).Select(i => producer.SendAsync(Topic, Record(Text(i), 0)).AsTask()).ToList();
        await UntilItHappensAsync(fault, Task.WhenAll(sends));
        if (isClientFirst) await kafka.DisposeAsync();
        await producer.DisposeAsync();
        // Everybody is told, one way or the other, and what was confirmed is there.
        var told = await Task.WhenAll(sends.Select(static async send =>
        {
            try
            {
                return (await send).Offset;
            }
            catch (Exception lost) when (lost is KafkaException or ObjectDisposedException)
            {
                return -1;
            }
        })).WaitAsync(Patience);
        Broker.Faults.Clear();
        var values = (await ReadAsync())[0];
        Assert.Equal(values.Distinct().OrderBy(static value => int.Parse(value, CultureInfo.InvariantCulture)), values);
        for (var i = 0; i < Records; i++) Assert.True(told[i] < 0 || values[(int)told[i]] == Text(i), $"record {i} was confirmed at {told[i]}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
