using System.Buffers;
using System.CommandLine;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Serdes;
using Moldau.Host.Commands.Output;
using Moldau.Host.Commands.Topics;

namespace Moldau.Host.Commands.Records;

/// <summary><c>moldau consume</c>: a topic's records on standard output.</summary>
internal static class ConsumeCommand
{
    private const int FlushedBytes = 64 << 10;

    public static Command Create(Terminal terminal)
    {
        var topic = TopicArguments.One();
        var options = new ConsumeOptions();
        return new ClusterVerb(terminal, "consume", "Prints a topic's records: from its beginning to its end, or from the end on with --follow", [topic, .. options.All]).Does((client, parsed, cancellation) =>
            RunAsync(terminal, client, parsed, parsed.GetValue(topic)!, options, cancellation));
    }

    private static async Task<int> RunAsync(Terminal terminal, KafkaClient client, ParseResult parsed, string topic, ConsumeOptions options, CancellationToken cancellation)
    {
        var follows = parsed.GetValue(options.Follow);
        var start = options.Start(parsed);
        var consumer = client.CreateConsumer<None, None>(new ConsumerOptions
        {
            // Retention may be faster than whoever reads from the beginning; elsewhere it is told.
            Reset = start == StartPosition.Beginning ? OffsetReset.Earliest : OffsetReset.None,
            StopAtEnd = !follows,
            ReadCommitted = !parsed.GetValue(options.Uncommitted),
        });
        await using var closing = consumer.ConfigureAwait(false);
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
            await consumer.AssignAsync(await options.PlacesAsync(client, parsed, topic, start, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
            await foreach (var batch in consumer.ReadBatchesAsync(cancellation).ConfigureAwait(false))
            {
                for (var i = 0; i < batch.Count && left > 0; i++)
                {
                    var record = batch.Raw(i);
                    if (!filter.Passes(record)) continue;
                    if (isJson) RecordJson.Write(output, batch.Where, record);
                    else template.Write(output, batch.Where, record);
                    left--;
                }

                // Who follows sees each record when it comes.
                if (follows || left == 0 || output.WrittenCount >= FlushedBytes) await WriteAsync(terminal, output, cancellation).ConfigureAwait(false);
                progress?.Show(parsed.GetValue(options.Count)!.Value - left);
                if (left == 0) return ExitCode.Done;
            }

            await WriteAsync(terminal, output, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && parsed.GetValue(options.Follow))
        {
            // Following ends when somebody ends it.
        }

        return ExitCode.Done;
    }

    private static async Task WriteAsync(Terminal terminal, ArrayBufferWriter<byte> output, CancellationToken cancellation)
    {
        await terminal.Bytes.WriteAsync(output.WrittenMemory, cancellation).ConfigureAwait(false);
        await terminal.Bytes.FlushAsync(cancellation).ConfigureAwait(false);
        output.ResetWrittenCount();
    }
}
