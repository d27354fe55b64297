using System.CommandLine;
using System.Globalization;
using Moldau.Client.Consuming;
using Moldau.Client.Serdes;
using Moldau.Host.Commands.Output;
using Moldau.Host.Commands.Topics;

namespace Moldau.Host.Commands.Bench;

/// <summary><c>moldau bench consume</c>: as Kafka's consumer-perf-test; there is no group, so no time goes into balancing one.</summary>
internal static class BenchConsume
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss:fff";

    public static Command Create(Terminal terminal)
    {
        var topic = TopicArguments.One();
        var records = BenchOptions.Records(1_000_000);
        var hideHeader = new Option<bool>("--hide-header") { Description = "Leave the line of headings out" };
        return new ClusterVerb(terminal, "consume", "Reads records as fast as they come", topic, records, hideHeader).Does(async (client, parsed, cancellation) =>
        {
            var consumer = client.CreateConsumer<None, None>(new ConsumerOptions { Topics = [parsed.GetValue(topic)!], Start = StartPosition.Beginning, StopAtEnd = true });
            await using var closing = consumer.ConfigureAwait(false);
            var (count, bytes, wanted) = (0L, 0L, parsed.GetValue(records));
            var begin = terminal.Clock.GetUtcNow();
            var started = terminal.Clock.GetTimestamp();
            using var progress = new Progress(terminal, "records", wanted);
            await foreach (var batch in consumer.ReadBatchesAsync(cancellation).ConfigureAwait(false))
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    var record = batch.Raw(i);
                    bytes += (record.Key?.Length ?? 0) + (record.Value?.Length ?? 0);
                }

                count += batch.Count;
                progress.Show(count);
                if (count >= wanted) break;
            }

            progress.Dispose();

            var elapsed = terminal.Clock.GetElapsedTime(started);
            var megaBytes = bytes / BenchOptions.MegaByte;
            if (!parsed.GetValue(hideHeader))
                await terminal.Output.WriteLineAsync("start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec").ConfigureAwait(false);
            var (megaBytesEach, recordsEach) = (megaBytes / elapsed.TotalSeconds, count / elapsed.TotalSeconds);
            await terminal.Output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{begin.ToString(TimeFormat, CultureInfo.InvariantCulture)}, {(begin + elapsed).ToString(TimeFormat, CultureInfo.InvariantCulture)}, {megaBytes:0.0000}, {megaBytesEach:0.0000}, {count}, {recordsEach:0.0000}, 0, {elapsed.TotalMilliseconds:0}, {megaBytesEach:0.0000}, {recordsEach:0.0000}")).ConfigureAwait(false);
            if (count < wanted) await terminal.Error.WriteLineAsync($"moldau: the topic holds {count} records, not {wanted}").ConfigureAwait(false);
            return ExitCode.Done;
        });
    }
}
