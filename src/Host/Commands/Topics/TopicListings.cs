using System.CommandLine;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Metadata;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Topics;

/// <summary>What can be asked about topics.</summary>
internal static class TopicListings
{
    public static Command List(Terminal terminal)
    {
        var all = new Option<bool>("--internal") { Description = "Show the internal topics too" };
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "list", "Lists the topics", all, format).Does(async (client, parsed, cancellation) =>
        {
            var listing = new Listing(
                new("TOPIC", "topic"), new("PARTITIONS", "partitions"), new("REPLICAS", "replicas"),
                new("OUT-OF-SYNC", "outOfSync"), new("INTERNAL", "internal") { IsWide = true }, new("ID", "id") { IsWide = true });
            foreach (var topic in await client.Topics.ListAsync(cancellation).ConfigureAwait(false))
            {
                if (topic.IsInternal && !parsed.GetValue(all)) continue;
                listing.Add(
                    topic.Name, topic.Partitions.Count, topic.Partitions.Count == 0 ? 0 : topic.Partitions.Max(static partition => partition.Replicas.Count),
                    topic.Partitions.Count(static partition => partition.InSync.Count < partition.Replicas.Count), topic.IsInternal, Id(topic));
            }

            listing.Write(terminal.Output, parsed.GetValue(format));
            return ExitCode.Done;
        });
    }

    public static Command Describe(Terminal terminal)
    {
        var names = TopicArguments.Several();
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "describe", "Shows the partitions of topics: where they live, and which offsets they hold", names, format).Does(async (client, parsed, cancellation) =>
        {
            var topics = await client.Topics.DescribeAsync(parsed.GetValue(names)!, cancellation).ConfigureAwait(false);
            var partitions = TopicArguments.Partitions(topics);
            var earliest = await Ask(client, partitions, OffsetQuery.Earliest, cancellation).ConfigureAwait(false);
            var latest = await Ask(client, partitions, OffsetQuery.Latest, cancellation).ConfigureAwait(false);
            var listing = new Listing(
                new("TOPIC", "topic"), new("PARTITION", "partition"), new("LEADER", "leader"), new("EPOCH", "leaderEpoch") { IsWide = true }, new("REPLICAS", "replicas"), new("ISR", "inSync"),
                new("OFFLINE", "offline") { IsWide = true }, new("LOG-START-OFFSET", "logStartOffset"), new("LOG-END-OFFSET", "logEndOffset"), new("ID", "id") { IsWide = true });
            foreach (var topic in topics)
            {
                foreach (var partition in topic.Value?.Partitions ?? [])
                {
                    var where = new TopicPartition(topic.Item, partition.Partition);
                    listing.Add(
                        topic.Item, partition.Partition, partition.Leader, partition.LeaderEpoch, partition.Replicas, partition.InSync,
                        partition.Offline, Offset(earliest, where), Offset(latest, where), Id(topic.Value!));
                }
            }

            if (listing.Count > 0) listing.Write(terminal.Output, parsed.GetValue(format));
            return Math.Max(Failures.Report(terminal, topics), Failures.Report(terminal, latest.Values));
        });
    }

    public static Command Offsets(Terminal terminal)
    {
        var names = TopicArguments.Several();
        var at = new Option<string>("--at")
        {
            Description = "Which: latest, earliest, max-timestamp, or the first of a time (2026-01-31T12:00:00Z, or milliseconds since 1970)",
            HelpName = "latest|earliest|max-timestamp|TIME",
            DefaultValueFactory = static _ => "latest",
        };
        var partition = TopicArguments.Partition();
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "offsets", "Looks up offsets of topics by time", names, at, partition, format).Does(async (client, parsed, cancellation) =>
        {
            var query = Query(parsed.GetValue(at)!);
            var topics = await client.Topics.DescribeAsync(parsed.GetValue(names)!, cancellation).ConfigureAwait(false);
            var partitions = TopicArguments.Partitions(topics).Where(where => parsed.GetValue(partition) is not { } only || where.Partition == only).ToList();
            var found = await Ask(client, partitions, query, cancellation).ConfigureAwait(false);
            var listing = new Listing(new("TOPIC", "topic"), new("PARTITION", "partition"), new("OFFSET", "offset"), new("TIMESTAMP", "timestamp"));
            foreach (var where in partitions)
            {
                if (found[where] is { Succeeded: true } outcome)
                    listing.Add(where.Topic, where.Partition, outcome.Value.Offset < 0 ? null : outcome.Value.Offset, outcome.Value.Timestamp < 0 ? null : outcome.Value.Timestamp);
            }

            if (listing.Count > 0) listing.Write(terminal.Output, parsed.GetValue(format));
            return Math.Max(Failures.Report(terminal, topics), Failures.Report(terminal, found.Values));
        });
    }

    public static Task<Dictionary<TopicPartition, Outcome<FoundOffset>>> Ask(KafkaClient client, IEnumerable<TopicPartition> partitions, OffsetQuery query, CancellationToken cancellation) =>
        client.Topics.OffsetsAsync(partitions.ToDictionary(static where => where, _ => query), cancellation: cancellation);

    private static long? Offset(Dictionary<TopicPartition, Outcome<FoundOffset>> found, TopicPartition where) =>
        found.TryGetValue(where, out var outcome) && outcome.Succeeded ? outcome.Value.Offset : null;

    private static string? Id(TopicInfo topic) => topic.Id.IsZero ? null : topic.Id.ToString();

    private static OffsetQuery Query(string text) => text switch
    {
        "latest" => OffsetQuery.Latest,
        "earliest" => OffsetQuery.Earliest,
        "max-timestamp" => OffsetQuery.LargestTimestamp,
        _ => OffsetQuery.At(TimeText.Parse(text)),
    };
}
