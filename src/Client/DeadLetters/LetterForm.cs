using System.Globalization;
using System.Text;
using Moldau.Client.Consuming;
using Moldau.Protocol.Records;

namespace Moldau.Client.DeadLetters;

/// <summary>Reads letters of both kinds: brokers write those of share groups (KIP-1191), our handlers those of other groups.</summary>
internal static class LetterForm
{
    private const string OfBrokers = "__dlq.errors.";
    private const string OfHandlers = "moldau.dead-letter.";

    /// <summary>The record's own time, where it was copied, and why it was not where it was to be: ours beside the broker's.</summary>
    private const string OursBeside = "moldau.dead.";

    /// <summary>Null where the record is no letter.</summary>
    /// <param name="where">The partition it was read from.</param>
    /// <param name="record">It is copied where it is a letter.</param>
    /// <param name="isReplayed">Of its offset.</param>
    public static DeadLetter? Read(TopicPartition where, in RawRecord record, Func<long, bool> isReplayed)
    {
        var own = new List<RecordHeader>();
        var told = Split(record.Headers.ToArray(), own);
        if (!told.TryGetValue("topic", out var topic) || Number(told, "partition") is not (<= int.MaxValue and { } partition) || Number(told, "offset") is not { } offset) return null;
        var deliveries = Number(told, "delivery.count") ?? Number(told, "attempts");
        return new DeadLetter(
            where, record.Offset, record.TimestampMs < 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(record.TimestampMs), new TopicPartition(topic, (int)partition), offset,
            told.GetValueOrDefault("group"), (int?)deliveries, told.GetValueOrDefault("message") ?? told.GetValueOrDefault("error") ?? "", isReplayed(record.Offset))
        {
            IsCopy = told.ContainsKey("timestamp") || told.ContainsKey("attempts"),
            OriginTime = Number(told, "timestamp"),
            Key = Copy(record.Key),
            Value = Copy(record.Value),
            Headers = own,
        };
    }

    /// <summary>Whether a header is one of those that make a letter.</summary>
    public static bool IsLetters(string header) => header.StartsWith(OfBrokers, StringComparison.Ordinal) || header.StartsWith(OfHandlers, StringComparison.Ordinal);

    /// <summary>
    /// What the letter says stands behind the record's own headers, and among those may be such too: a record that was a letter before, or whose
    /// producer has made them up. So the last of each name counts, and of the two kinds that of the last one.
    /// </summary>
    private static Dictionary<string, string> Split(RecordHeader[] headers, List<RecordHeader> own)
    {
        var told = new Dictionary<string, string>(StringComparer.Ordinal);
        string? kind = null;
        for (var i = headers.Length - 1; i >= 0; i--)
        {
            var header = headers[i];
            var prefix = Prefix(header.Key);
            if (prefix is OfBrokers or OfHandlers) kind ??= prefix;
            if (prefix is null || (prefix == OursBeside ? kind == OfHandlers : prefix != kind) || !told.TryAdd(header.Key[prefix.Length..], Encoding.UTF8.GetString(header.Value.Memory.Span)))
                own.Add(header);
        }

        own.Reverse();
        return told;
    }

    private static string? Prefix(string header)
    {
        foreach (var prefix in (ReadOnlySpan<string>)[OfBrokers, OfHandlers, OursBeside])
        {
            if (header.StartsWith(prefix, StringComparison.Ordinal)) return prefix;
        }

        return null;
    }

    private static long? Number(Dictionary<string, string> told, string name) =>
        told.TryGetValue(name, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static RecordBytes Copy(ReadOnlyMemory<byte>? bytes) => bytes is { } present ? present.ToArray() : RecordBytes.Null;
}
