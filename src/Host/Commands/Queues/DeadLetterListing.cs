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
            if (parsed.GetValue(count) is < 1 and var few) throw new MisuseException(string.Create(CultureInfo.InvariantCulture, $"--count takes a number above 0, not {few}"));
            var topic = await options.TopicAsync(client, parsed, cancellation).ConfigureAwait(false);
            var listing = new Listing(
                new("LETTER", "letter"), new("TIME", "time"), new("TOPIC", "topic"), new("PARTITION", "partition"), new("OFFSET", "offset"), new("DELIVERIES", "deliveries"), new("REASON", "reason"),
                new("REPLAYED", "replayed") { IsWide = !parsed.GetValue(all) }, new("KEY", "key"), new("VALUE", "value") { IsWide = true }, new("HEADERS", "headers") { IsWide = true });
            var shown = parsed.GetValue(format);
            listing.Begin(terminal.Output, shown);
            var left = parsed.GetValue(count) ?? int.MaxValue;
            await foreach (var letter in client.DeadLetters.ReadAsync(topic, query, cancellation).ConfigureAwait(false))
            {
                if (left-- <= 0) break;
                Add(listing, letter, shown);
            }

            listing.Write(terminal.Output, shown);
            return ExitCode.Done;
        });
    }

    private static void Add(Listing listing, DeadLetter letter, OutputFormat format)
    {
        // A table is kept until its end is known, and a topic may have more letters than there is memory for their values.
        var (isTable, hasAll) = (format is OutputFormat.Text or OutputFormat.Wide, format != OutputFormat.Text);
        listing.Add(
            string.Create(CultureInfo.InvariantCulture, $"{letter.Where.Partition}:{letter.Offset}"), letter.Time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            letter.Origin.Topic, letter.Origin.Partition, letter.OriginOffset, letter.Deliveries, letter.Reason, letter.IsReplayed,
            Shown(Text(letter.Key)), hasAll ? Shown(Text(letter.Value)) : null, isTable ? hasAll ? Shown(Text(letter.Headers)) : null : Pairs(letter.Headers));

        string? Shown(string? text) => isTable && text is not null ? Short(text) : text;
    }

    /// <summary>Name, value, name, value, as kcat has it.</summary>
    private static List<string?> Pairs(IReadOnlyList<RecordHeader> headers)
    {
        var pairs = new List<string?>(headers.Count * 2);
        foreach (var header in headers) pairs.AddRange([header.Key, Text(header.Value)]);
        return pairs;
    }

    private static string? Text(IReadOnlyList<RecordHeader> headers) =>
        headers.Count == 0 ? null : string.Join(' ', headers.Select(static header => $"{header.Key}={Text(header.Value)}"));

    /// <summary>Bytes that are no text come as base64 behind a word that says so.</summary>
    private static string? Text(RecordBytes bytes)
    {
        if (bytes.IsNull) return null;
        return Utf8.IsValid(bytes.Memory.Span) ? Encoding.UTF8.GetString(bytes.Memory.Span) : $"base64:{Convert.ToBase64String(bytes.Memory.Span)}";
    }

    private static string Short(string text) => text.Length > ShownText ? string.Concat(text.AsSpan(0, ShownText), "...") : text;
}
