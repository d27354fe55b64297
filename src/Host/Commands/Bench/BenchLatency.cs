using System.CommandLine;
using System.Globalization;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Client.Serdes;
using Moldau.Host.Commands.Output;
using Moldau.Host.Commands.Topics;

namespace Moldau.Host.Commands.Bench;

/// <summary><c>moldau bench latency</c>: as Kafka's e2e-latency, from the hand-over of a record until it was read back, one at a time.</summary>
internal static class BenchLatency
{
    public static Command Create(Terminal terminal)
    {
        var topic = TopicArguments.One();
        var records = BenchOptions.Records(5_000);
        var size = BenchOptions.Size();
        return new ClusterVerb(terminal, "latency", "Measures the time from writing a record to reading it, one record at a time", topic, records, size).Does((client, parsed, cancellation) =>
            RunAsync(terminal, client, parsed.GetValue(topic)!, parsed.GetValue(records), BenchOptions.Payload(parsed.GetValue(size)), cancellation));
    }

    private static async Task<int> RunAsync(Terminal terminal, KafkaClient client, string topic, long count, byte[] payload, CancellationToken cancellation)
    {
        var latencies = new LatencySamples();
        var producer = client.CreateProducer(new ProducerOptions { Linger = TimeSpan.Zero });
        await using (producer.ConfigureAwait(false))
        {
            // The first one opens connections and is not counted; reading begins behind it.
            var first = await producer.SendAsync(topic, new OutgoingRecord { Value = payload, Partition = 0 }, cancellation).ConfigureAwait(false);
            var consumer = client.CreateConsumer<None, None>(new ConsumerOptions());
            await using var closing = consumer.ConfigureAwait(false);
            await consumer.AssignAsync(new Dictionary<TopicPartition, StartPosition> { [new TopicPartition(topic, 0)] = StartPosition.Offset(first.Offset) }).ConfigureAwait(false);
            var (done, since) = (-1L, 0L);
            using var progress = new Progress(terminal, "records", count);
            await foreach (var batch in consumer.ReadBatchesAsync(cancellation).ConfigureAwait(false))
            {
                if (done >= 0) latencies.Add(terminal.Clock.GetElapsedTime(since));
                if (++done == count) break;
                progress.Show(done);
                since = terminal.Clock.GetTimestamp();
                await producer.EnqueueAsync(topic, new OutgoingRecord { Value = payload, Partition = 0 }, cancellation).ConfigureAwait(false);
            }
        }

        var quantiles = latencies.Quantiles(0.5, 0.99, 0.999);
        await terminal.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Avg latency: {latencies.Average:0.0000} ms")).ConfigureAwait(false);
        await terminal.Output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"Percentiles: 50th = {quantiles[0]:0.###}, 99th = {quantiles[1]:0.###}, 99.9th = {quantiles[2]:0.###}")).ConfigureAwait(false);
        return ExitCode.Done;
    }
}
