using System.CommandLine;
using System.Globalization;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Protocol.Errors;

namespace Moldau.Host.Commands.Records;

/// <summary>What <c>moldau consume</c> takes.</summary>
internal sealed class ConsumeOptions
{
    public Option<string?> From { get; } = new("--from")
    {
        Description = "Where to begin: an offset, a time (2026-01-31T12:00:00Z, or @ and milliseconds since 1970), beginning or end",
        HelpName = "OFFSET|TIME|beginning|end",
    };

    public Option<long?> Tail { get; } = new("--tail", "-n") { Description = "Begin so many offsets before each partition's end", HelpName = "N" };

    public Option<bool> Follow { get; } = new("--follow", "-f") { Description = "Go on with what comes, until interrupted" };

    public Option<long?> Count { get; } = new("--count", "-c") { Description = "Stop behind so many records", HelpName = "N" };

    public Option<int[]> Partition { get; } = new("--partition", "-p") { Description = "Only this partition; several times for several", HelpName = "N" };

    public Option<string?> Key { get; } = new("--key", "-k") { Description = "Only records with this key", HelpName = "TEXT" };

    public Option<string[]> Header { get; } = new("--header", "-H") { Description = "Only records with this header", HelpName = "NAME=VALUE" };

    public Option<bool> Uncommitted { get; } = new("--uncommitted") { Description = "Show records of transactions that are open or were given up too" };

    public Option<string?> Output { get; } = new("--output", "-o")
    {
        Description = "How a record is printed: %t topic, %p partition, %o offset, %k key, %v value, %h headers, %d timestamp, %K and %V lengths; \\n, \\t and \\0. A line end is added unless it ends in \\n or \\0",
        HelpName = "TEMPLATE",
    };

    public Option<OutputFormat> Format { get; } = FormatOption.Create();

    public IEnumerable<Symbol> All => [From, Tail, Follow, Count, Partition, Key, Header, Uncommitted, Output, Format];

    /// <exception cref="MisuseException">Two places to begin, or one that is none.</exception>
    public StartPosition Start(ParseResult parsed)
    {
        var (from, tail) = (parsed.GetValue(From), parsed.GetValue(Tail));
        if (from is not null && tail is not null) throw new MisuseException("--from and --tail both say where to begin; one of them does");
        if (tail is { } count) return StartPosition.Tail(count);
        if (from is null) return parsed.GetValue(Follow) ? StartPosition.End : StartPosition.Beginning;
        if (from is "beginning" or "start") return StartPosition.Beginning;
        if (from == "end") return StartPosition.End;
        if (long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var offset)) return StartPosition.Offset(offset);
        return StartPosition.Time(TimeText.Parse(from.StartsWith('@') ? from[1..] : from));
    }

    /// <summary>The partitions that are wanted, and where each is begun.</summary>
    /// <exception cref="KafkaException">There is no such topic or partition.</exception>
    public async Task<Dictionary<TopicPartition, StartPosition>> PlacesAsync(KafkaClient client, ParseResult parsed, string topic, StartPosition start, CancellationToken cancellation)
    {
        var info = (await client.Topics.DescribeAsync([topic], cancellation).ConfigureAwait(false))[0].Get();
        var places = new Dictionary<TopicPartition, StartPosition>();
        foreach (var partition in parsed.GetValue(Partition) ?? [])
        {
            if (info.Find(partition) is null)
                throw new KafkaException(ErrorCode.UnknownTopicOrPartition, $"topic '{topic}' has partitions 0 to {info.Partitions.Count - 1}", $"{topic}-{partition}");
            places[new TopicPartition(topic, partition)] = start;
        }

        if (places.Count > 0) return places;
        foreach (var partition in info.Partitions) places[new TopicPartition(topic, partition.Partition)] = start;
        return places;
    }
}
