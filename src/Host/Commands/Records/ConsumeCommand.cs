using System.Buffers;
using System.CommandLine;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Host.Commands.Output;
using Moldau.Host.Commands.Topics;

namespace Moldau.Host.Commands.Records;

/// <summary><c>moldau consume</c>: a topic's records on standard output.</summary>
internal static class ConsumeCommand
{
    public static Command Create(Terminal terminal)
    {
        var topic = TopicArguments.One();
        var options = new ConsumeOptions();
        return new ClusterVerb(terminal, "consume", "Prints a topic's records: from its beginning to its end, or from the end on with --follow", [topic, .. options.All]).Does((client, parsed, cancellation) =>
            RunAsync(terminal, client, parsed, parsed.GetValue(topic)!, options, cancellation));
    }

    private static async Task<int> RunAsync(Terminal terminal, KafkaClient client, ParseResult parsed, string topic, ConsumeOptions options, CancellationToken cancellation)
    {
        var reader = client.CreateReader(new RecordReaderOptions
        {
            Topic = topic,
            Partitions = parsed.GetValue(options.Partition) ?? [],
            Start = options.Start(parsed),
            Follows = parsed.GetValue(options.Follow),
            ReadCommitted = !parsed.GetValue(options.Uncommitted),
        });
        var template = new RecordTemplate(parsed.GetValue(options.Output) ?? RecordTemplate.Default);
        var isJson = parsed.GetValue(options.Format) == OutputFormat.Json;
        var filter = new RecordFilter(parsed.GetValue(options.Key), NameValues.Parse(parsed.GetValue(options.Header) ?? [], "--header"));
        var left = parsed.GetValue(options.Count) ?? long.MaxValue;
        var output = new ArrayBufferWriter<byte>();
        if (left == 0) return ExitCode.Done;
        // Without a bound nobody knows the end; records on the same screen tell enough themselves.
        using var progress = parsed.GetValue(options.Count) is { } bound && !terminal.IsOutputWatched ? new Progress(terminal, "records", bound) : null;
        try
        {
            await foreach (var part in reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                foreach (var record in part.Records)
                {
                    if (!filter.Passes(record)) continue;
                    if (isJson) RecordJson.Write(output, part.Where, record);
                    else template.Write(output, part.Where, record);
                    if (--left == 0) break;
                }

                await terminal.Bytes.WriteAsync(output.WrittenMemory, cancellation).ConfigureAwait(false);
                await terminal.Bytes.FlushAsync(cancellation).ConfigureAwait(false);
                output.ResetWrittenCount();
                progress?.Show(parsed.GetValue(options.Count)!.Value - left);
                if (left == 0) return ExitCode.Done;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && parsed.GetValue(options.Follow))
        {
            // Following ends when somebody ends it.
        }

        return ExitCode.Done;
    }
}
