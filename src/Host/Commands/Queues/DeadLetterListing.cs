using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Moldau.Client.DeadLetters;
using Moldau.Host.Commands.Output;
using Moldau.Protocol.Records;

namespace Moldau.Host.Commands.Queues;

/// <summary><c>moldau queue dead</c>: what a queue gave up, where it came from and why.</summary>
internal static class DeadLetterListing
{
    private const int ShownText = 60;

    public static Command Create(Terminal terminal)
    {
        var options = new DeadLetterOptions();
        var all = new Option<bool>("--all") { Description = "Those that were sent back too" };
        var count = new Option<int?>("--count", "-n") { Description = "No more than so many", HelpName = "N" };
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "dead", "Shows a queue's dead letters: records that were given up", options.Queue, options.Topic, options.Origin, options.Only, all, count, format).Does(async (client, parsed, cancellation) =>
        {
            var query = options.Query(parsed, parsed.GetValue(all));
            var topic = await options.TopicAsync(client, parsed, cancellation).ConfigureAwait(false);
            var listing = new Listing(
                new("LETTER", "letter"), new("TIME", "time"), new("TOPIC", "topic"), new("PARTITION", "partition"), new("OFFSET", "offset"), new("DELIVERIES", "deliveries"), new("REASON", "reason"),
                new("REPLAYED", "replayed") { IsWide = !parsed.GetValue(all) }, new("KEY", "key") { Text = Short }, new("VALUE", "value") { IsWide = true, Text = Short }, new("HEADERS", "headers") { IsWide = true, Text = Short });
            var left = parsed.GetValue(count) ?? int.MaxValue;
            await foreach (var letter in client.DeadLetters.ReadAsync(topic, query, cancellation).ConfigureAwait(false))
            {
                if (left-- <= 0) break;
                Add(listing, letter);
            }

            listing.Write(terminal.Output, parsed.GetValue(format));
            return ExitCode.Done;
        });
    }

    private static void Add(Listing listing, DeadLetter letter) => listing.Add(
        string.Create(CultureInfo.InvariantCulture, $"{letter.Where.Partition}:{letter.Offset}"), letter.Time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
        letter.Origin.Topic, letter.Origin.Partition, letter.OriginOffset, letter.Deliveries, letter.Reason, letter.IsReplayed, Text(letter.Key), Text(letter.Value),
        letter.Headers.Count == 0 ? null : string.Join(' ', letter.Headers.Select(static header => $"{header.Key}={Text(header.Value)}")));

    /// <summary>Bytes that are no text come as base64 behind a word that says so.</summary>
    private static string? Text(RecordBytes bytes)
    {
        if (bytes.IsNull) return null;
        return Utf8.IsValid(bytes.Memory.Span) ? Encoding.UTF8.GetString(bytes.Memory.Span) : $"base64:{Convert.ToBase64String(bytes.Memory.Span)}";
    }

    private static string Short(object? value) => value switch
    {
        null => "-",
        string { Length: > ShownText } text => string.Concat(text.AsSpan(0, ShownText), "..."),
        string text => text,
        _ => "",
    };
}
