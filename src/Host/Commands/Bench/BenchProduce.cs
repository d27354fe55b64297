using System.CommandLine;
using System.Globalization;
using Moldau.Client.Producing;
using Moldau.Host.Commands.Output;
using Moldau.Host.Commands.Records;
using Moldau.Host.Commands.Topics;

namespace Moldau.Host.Commands.Bench;

/// <summary><c>moldau bench produce</c>: as Kafka's producer-perf-test.</summary>
internal static class BenchProduce
{
    // Waiting for each record by itself would cost more than writing it.
    private const int TimedEach = 10;

    // Looking at the clock for each record would slow down what is measured.
    private const int ShownEach = 256;

    public static Command Create(Terminal terminal)
    {
        var topic = TopicArguments.One();
        var records = BenchOptions.Records(1_000_000);
        var size = BenchOptions.Size();
        var throughput = new Option<long>("--throughput") { Description = "Records a second at most", HelpName = "N", DefaultValueFactory = static _ => -1 };
        var codec = CodecOption.Create();
        var leaderOnly = new Option<bool>("--leader-only") { Description = "Count a record as written when the leader has it (acks=1), not idempotent" };
        var batch = new Option<int>("--batch-size") { Description = "Bytes of a batch", HelpName = "BYTES", DefaultValueFactory = static _ => 256 << 10 };
        return new ClusterVerb(terminal, "produce", "Writes records as fast as they are taken", topic, records, size, throughput, codec, leaderOnly, batch).Does(async (client, parsed, cancellation) =>
        {
            var producer = client.CreateProducer(new ProducerOptions
            {
                Compression = parsed.GetValue(codec),
                WaitsForAll = !parsed.GetValue(leaderOnly),
                IsIdempotent = !parsed.GetValue(leaderOnly),
                BatchBytes = parsed.GetValue(batch),
            });
            await using (producer.ConfigureAwait(false))
            {
                var run = new Run(terminal, producer, parsed.GetValue(topic)!, parsed.GetValue(size));
                return await run.GoAsync(parsed.GetValue(records), parsed.GetValue(throughput), cancellation).ConfigureAwait(false);
            }
        });
    }

    private sealed class Run(Terminal terminal, Producer producer, string topic, int size)
    {
        private readonly LatencySamples _latencies = new();

        public async Task<int> GoAsync(long count, long throughput, CancellationToken cancellation)
        {
            var record = new OutgoingRecord { Value = BenchOptions.Payload(size) };
            var timed = new List<Task>();
            using var progress = new Progress(terminal, "records", count);
            var started = terminal.Clock.GetTimestamp();
            for (long i = 0; i < count; i++)
            {
                if (throughput > 0) await KeepPaceAsync(started, i, throughput, cancellation).ConfigureAwait(false);
                if (i % TimedEach == 0) timed.Add(TimeAsync(record, cancellation));
                else await producer.EnqueueAsync(topic, record, cancellation).ConfigureAwait(false);
                if (i % ShownEach == 0) progress.Show(i);
            }

            var summary = await producer.FlushAsync(cancellation).ConfigureAwait(false);
            progress.Dispose();
            var elapsed = terminal.Clock.GetElapsedTime(started).TotalSeconds;
            try
            {
                await Task.WhenAll(timed).ConfigureAwait(false);
            }
            catch (Client.KafkaException)
            {
                // Counted among the losses below.
            }

            var quantiles = _latencies.Quantiles(0.5, 0.95, 0.99, 0.999, 1);
            await terminal.Output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{summary.Delivered} records sent, {summary.Delivered / elapsed:0.0} records/sec ({summary.Delivered * size / elapsed / BenchOptions.MegaByte:0.00} MB/sec), {_latencies.Average:0.00} ms avg latency, {quantiles[4]:0.00} ms max latency, {quantiles[0]:0} ms 50th, {quantiles[1]:0} ms 95th, {quantiles[2]:0} ms 99th, {quantiles[3]:0} ms 99.9th.")).ConfigureAwait(false);
            foreach (var loss in summary.Lost) await terminal.Error.WriteLineAsync($"moldau: {loss.Records} records of {loss.Where} were not confirmed: {loss.Error.Message}").ConfigureAwait(false);
            return summary.Lost.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        }

        private async Task TimeAsync(OutgoingRecord record, CancellationToken cancellation)
        {
            var since = terminal.Clock.GetTimestamp();
            await producer.SendAsync(topic, record, cancellation).ConfigureAwait(false);
            _latencies.Add(terminal.Clock.GetElapsedTime(since));
        }

        private async Task KeepPaceAsync(long started, long sent, long throughput, CancellationToken cancellation)
        {
            var ahead = TimeSpan.FromSeconds((double)sent / throughput) - terminal.Clock.GetElapsedTime(started);
            if (ahead > TimeSpan.FromMilliseconds(1)) await Task.Delay(ahead, terminal.Clock, cancellation).ConfigureAwait(false);
        }
    }
}
