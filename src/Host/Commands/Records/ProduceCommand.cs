using System.CommandLine;
using System.Text;
using Moldau.Client.Producing;
using Moldau.Host.Commands.Output;
using Moldau.Host.Commands.Topics;
using Moldau.Protocol.Records;

namespace Moldau.Host.Commands.Records;

/// <summary><c>moldau produce</c>: a record for each line.</summary>
internal static class ProduceCommand
{
    public static Command Create(Terminal terminal)
    {
        var topic = TopicArguments.One();
        var separator = new Option<string?>("--key-separator", "-K") { Description = "What stands between key and value; without it a line is all value", HelpName = "TEXT" };
        var key = new Option<string?>("--key", "-k") { Description = "The key of every record", HelpName = "TEXT" };
        var tombstone = new Option<string?>("--null") { Description = "A key or value of this text is null; a null value deletes its key in a compacted topic", HelpName = "TEXT" };
        var header = new Option<string[]>("--header", "-H") { Description = "A header of every record", HelpName = "NAME=VALUE" };
        var partition = new Option<int?>("--partition", "-p") { Description = "Where to write; else by the key", HelpName = "N" };
        var codec = CodecOption.Create();
        var file = new Option<string?>("--file") { Description = "Lines come from this file in place of standard input", HelpName = "FILE" };
        var once = new Option<bool>("--no-idempotence") { Description = "Do without the guarantee that nothing is written twice, for brokers that cannot give it" };
        return new ClusterVerb(terminal, "produce", "Writes a record for each line", topic, separator, key, tombstone, header, partition, codec, file, once).Does(async (client, parsed, cancellation) =>
        {
            var form = new LineForm(Bytes(parsed.GetValue(separator)), Bytes(parsed.GetValue(key)), Bytes(parsed.GetValue(tombstone)));
            RecordHeader[] headers = [.. NameValues.Parse(parsed.GetValue(header) ?? [], "--header").Select(static pair => new RecordHeader(pair.Key, Encoding.UTF8.GetBytes(pair.Value)))];
            await using var opened = parsed.GetValue(file) is { } path ? File.OpenRead(path) : null;
            var producer = client.CreateProducer(new ProducerOptions { Compression = parsed.GetValue(codec), IsIdempotent = !parsed.GetValue(once), DeliveryTimeout = TimeSpan.FromSeconds(30) });
            await using (producer.ConfigureAwait(false))
            {
                // Only a file has an end that is known; who types sees how far he is.
                using var progress = opened is null ? null : new Progress(terminal, "bytes", opened.Length);
                var done = 0L;
                await foreach (var line in LineReader.ReadAsync(opened ?? terminal.Input, cancellation).ConfigureAwait(false))
                {
                    var record = form.Read(line) with { Headers = headers, Partition = parsed.GetValue(partition) };
                    await producer.EnqueueAsync(parsed.GetValue(topic)!, record, cancellation).ConfigureAwait(false);
                    progress?.Show(done += line.Length + 1);
                }

                var summary = await producer.FlushAsync(cancellation).ConfigureAwait(false);
                progress?.Dispose();
                return Report(terminal, summary);
            }
        });
    }

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private static int Report(Terminal terminal, DeliverySummary summary)
    {
        foreach (var loss in summary.Lost) terminal.Error.WriteLine($"moldau: {loss.Records} records of {loss.Where} were not confirmed: {loss.Error.Message}");
        terminal.Error.WriteLine($"{summary.Delivered} record{(summary.Delivered == 1 ? "" : "s")} written");
        return summary.Lost.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
