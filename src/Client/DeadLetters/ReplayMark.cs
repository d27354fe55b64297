using System.Globalization;
using System.Text;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Protocol.Records;

namespace Moldau.Client.DeadLetters;

/// <summary>
/// Which letters were sent back is written behind them, into their own partition and in the transaction that sent them: it is kept as long as
/// they are, and is true or not there.
/// </summary>
internal static class ReplayMark
{
    private const string Header = "moldau.replayed.offsets";

    public static OutgoingRecord Of(int partition, OffsetRanges sent) => new() { Partition = partition, Headers = [new RecordHeader(Header, Encoding.UTF8.GetBytes(sent.ToString()))] };

    /// <summary>Whether a record is a mark. A letter is none, whatever headers the producer of its record has given that.</summary>
    public static bool Is(in RawRecord record)
    {
        if (record.Key is not null || record.Value is not null || !record.Headers.TryGet(Header, out var value) || value is null) return false;
        foreach (var header in record.Headers.ToArray())
        {
            if (LetterForm.IsLetters(header.Key)) return false;
        }

        return true;
    }

    /// <summary>Adds what a mark says; another record says nothing.</summary>
    public static void Read(in RawRecord record, OffsetRanges replayed)
    {
        if (!Is(record) || !record.Headers.TryGet(Header, out var value) || value is not { } bytes) return;
        foreach (var range in Encoding.UTF8.GetString(bytes.Span).Split(','))
        {
            var dash = range.IndexOf('-', StringComparison.Ordinal);
            var (first, last) = dash < 0 ? (range, range) : (range[..dash], range[(dash + 1)..]);
            if (Number(first) is { } from && Number(last) is { } to && from <= to) replayed.Add(from, to);
        }
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
