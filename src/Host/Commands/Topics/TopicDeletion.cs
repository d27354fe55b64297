using System.CommandLine;
using System.Globalization;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Topics;

/// <summary>What deletes: a plan first, then the deed.</summary>
internal static class TopicDeletion
{
    public static Command Topics(Terminal terminal)
    {
        var names = TopicArguments.Several();
        var yes = Consent.Option();
        return new ClusterVerb(terminal, "delete", "Deletes topics with everything in them", names, yes).Does(async (client, parsed, cancellation) =>
        {
            var topics = await client.Topics.DescribeAsync(parsed.GetValue(names)!, cancellation).ConfigureAwait(false);
            if (Failures.Report(terminal, topics) != ExitCode.Done) return ExitCode.Failed;
            var held = await HeldAsync(client, TopicArguments.Partitions(topics), cancellation).ConfigureAwait(false);
            foreach (var topic in topics)
            {
                var records = held.Where(one => one.Where.Topic == topic.Item).Sum(static one => one.End - one.Start);
                await terminal.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"to delete: topic {topic.Item}, {topic.Value!.Partitions.Count} partitions, up to {records} records")).ConfigureAwait(false);
            }

            if (!Consent.Get(terminal, parsed.GetValue(yes), $"Delete {topics.Count} topic{(topics.Count == 1 ? "" : "s")} for good?")) return ExitCode.Failed;
            var outcomes = await client.Topics.DeleteAsync([.. topics.Select(static topic => topic.Item)], cancellation).ConfigureAwait(false);
            foreach (var outcome in outcomes)
            {
                if (outcome.Succeeded) await terminal.Output.WriteLineAsync($"deleted topic {outcome.Item}").ConfigureAwait(false);
            }

            return Failures.Report(terminal, outcomes);
        });
    }

    public static Command Records(Terminal terminal)
    {
        var name = TopicArguments.One();
        var before = new Option<string>("--before")
        {
            Description = "Drop what lies below this offset, before this time (2026-01-31T12:00:00Z), or everything ('end')",
            HelpName = "OFFSET|TIME|end",
            Required = true,
        };
        var partition = TopicArguments.Partition();
        var yes = Consent.Option();
        return new ClusterVerb(terminal, "delete-records", "Drops the oldest records of a topic", name, before, partition, yes).Does(async (client, parsed, cancellation) =>
        {
            var topics = await client.Topics.DescribeAsync([parsed.GetValue(name)!], cancellation).ConfigureAwait(false);
            if (Failures.Report(terminal, topics) != ExitCode.Done) return ExitCode.Failed;
            var partitions = TopicArguments.Partitions(topics).Where(where => parsed.GetValue(partition) is not { } only || where.Partition == only).ToList();
            if (partitions.Count == 0) throw new MisuseException($"topic '{topics[0].Item}' has no partition {parsed.GetValue(partition)}; it has 0 to {topics[0].Value!.Partitions.Count - 1}");
            var held = await HeldAsync(client, partitions, cancellation).ConfigureAwait(false);
            var plan = await PlanAsync(client, held, parsed.GetValue(before)!, cancellation).ConfigureAwait(false);
            foreach (var (where, start, end) in held)
            {
                await terminal.Error.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"to drop: {where} from {start} to below {plan[where]} (its end is {end})")).ConfigureAwait(false);
            }

            if (!Consent.Get(terminal, parsed.GetValue(yes), "Drop these records for good?")) return ExitCode.Failed;
            var outcomes = await client.Topics.DeleteRecordsAsync(plan, cancellation).ConfigureAwait(false);
            var listing = new Listing(new("TOPIC", "topic"), new("PARTITION", "partition"), new("LOG-START-OFFSET", "logStartOffset"));
            foreach (var where in partitions)
            {
                if (outcomes[where].Succeeded) listing.Add(where.Topic, where.Partition, outcomes[where].Value);
            }

            listing.Write(terminal.Output, OutputFormat.Text);
            return Failures.Report(terminal, outcomes.Values);
        });
    }

    private static async Task<Dictionary<TopicPartition, long>> PlanAsync(KafkaClient client, List<(TopicPartition Where, long Start, long End)> held, string before, CancellationToken cancellation)
    {
        if (before == "end") return held.ToDictionary(static one => one.Where, static one => one.End);
        // A bare number is an offset here, never a time in milliseconds.
        if (long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
            return held.ToDictionary(static one => one.Where, one => Math.Clamp(offset, one.Start, Math.Max(one.Start, one.End)));
        var found = await TopicListings.Ask(client, held.Select(static one => one.Where), OffsetQuery.At(TimeText.Parse(before)), cancellation).ConfigureAwait(false);
        return held.ToDictionary(static one => one.Where, one => found[one.Where].Get().Offset is var at && at >= 0 ? at : one.End);
    }

    private static async Task<List<(TopicPartition Where, long Start, long End)>> HeldAsync(KafkaClient client, List<TopicPartition> partitions, CancellationToken cancellation)
    {
        var earliest = await TopicListings.Ask(client, partitions, OffsetQuery.Earliest, cancellation).ConfigureAwait(false);
        var latest = await TopicListings.Ask(client, partitions, OffsetQuery.Latest, cancellation).ConfigureAwait(false);
        return partitions.ConvertAll(where => (where, earliest[where].Get().Offset, latest[where].Get().Offset));
    }
}
