using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Host.Commands.Output;
using Moldau.Protocol.Errors;

namespace Moldau.Host.Commands.Topics;

/// <summary>Topics made and grown.</summary>
internal static class TopicChanges
{
    public static Command Create(Terminal terminal)
    {
        var names = TopicArguments.Several();
        var partitions = new Option<int>("--partitions") { Description = "How many; the broker's default where nothing is said", HelpName = "N", DefaultValueFactory = static _ => -1 };
        var replicas = new Option<short>("--replicas", "--replication-factor") { Description = "How many brokers hold each partition; the broker's default where nothing is said", HelpName = "N", DefaultValueFactory = static _ => -1 };
        var config = new Option<string[]>("--config") { Description = "A setting of the topic", HelpName = "NAME=VALUE" };
        var ifMissing = new Option<bool>("--if-not-exists") { Description = "A topic that exists already is left as it is, and no failure" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Have it checked and make nothing" };
        return new ClusterVerb(terminal, "create", "Makes topics", names, partitions, replicas, config, ifMissing, dryRun).Does(async (client, parsed, cancellation) =>
        {
            var configs = NameValues.Parse(parsed.GetValue(config) ?? [], "--config");
            var wanted = parsed.GetValue(names)!.Select(name => new NewTopic(name) { Partitions = parsed.GetValue(partitions), Replicas = parsed.GetValue(replicas), Configs = configs }).ToList();
            var outcomes = await client.Topics.CreateAsync(wanted, parsed.GetValue(dryRun), cancellation).ConfigureAwait(false);
            var real = outcomes.Where(outcome => outcome.Error?.Code != ErrorCode.TopicAlreadyExists || !parsed.GetValue(ifMissing)).ToList();
            foreach (var outcome in real)
            {
                if (outcome.Value is { } made)
                    await terminal.Output.WriteLineAsync($"{(parsed.GetValue(dryRun) ? "would create" : "created")} topic {made.Name}{(made.Partitions < 0 ? "" : $" with {made.Partitions} partition{(made.Partitions == 1 ? "" : "s")}")}").ConfigureAwait(false);
            }

            return Failures.Report(terminal, real);
        });
    }

    public static Command AddPartitions(Terminal terminal)
    {
        var name = TopicArguments.One();
        var total = new Option<int>("--total") { Description = "How many partitions it shall have, old and new", HelpName = "N", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Have it checked and change nothing" };
        return new ClusterVerb(terminal, "add-partitions", "Gives a topic more partitions; keys may then go to other ones", name, total, dryRun).Does(async (client, parsed, cancellation) =>
        {
            var topic = parsed.GetValue(name)!;
            var outcomes = await client.Topics.AddPartitionsAsync(new Dictionary<string, int> { [topic] = parsed.GetValue(total) }, parsed.GetValue(dryRun), cancellation).ConfigureAwait(false);
            if (outcomes.All(static outcome => outcome.Succeeded))
                await terminal.Output.WriteLineAsync($"topic {topic} {(parsed.GetValue(dryRun) ? "would have" : "has")} {parsed.GetValue(total)} partitions").ConfigureAwait(false);
            return Failures.Report(terminal, outcomes);
        });
    }
}
