using System.CommandLine;
using System.Globalization;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.DeadLetters;
using Moldau.Host.Commands.Groups;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Queues;

/// <summary>What can be asked about queues.</summary>
internal static class QueueListings
{
    public static Command List(Terminal terminal)
    {
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "list", "Lists the queues with what waits in them", format).Does(async (client, parsed, cancellation) =>
        {
            var listed = await client.Groups.ListAsync(types: ["share"], cancellation: cancellation).ConfigureAwait(false);
            var names = listed.Where(static group => group.Value is not null).Select(static group => group.Value!.Id).ToList();
            var queues = await client.Groups.DescribeAsync(names, cancellation).ConfigureAwait(false);
            var listing = new Listing(
                new("QUEUE", "queue"), new("STATE", "state"), new("MEMBERS", "members"), new("WAITING", "waiting"), new("DEAD-LETTERS-IN", "deadLetterTopic"), new("COORDINATOR", "coordinator") { IsWide = true });
            var faults = new List<string>();
            foreach (var outcome in queues)
            {
                if (outcome.Value is not { } queue) continue;
                var lags = await client.Groups.LagAsync(queue, cancellation).ConfigureAwait(false);
                var settings = await QueueSettings.ReadAsync(client, queue.Id, cancellation).ConfigureAwait(false);
                if (settings.Fault is { } fault) faults.Add($"moldau: the settings of {queue.Id} cannot be read: {fault}");
                listing.Add(queue.Id, queue.State, queue.Members.Count, Waiting(lags), settings.DeadLetterTopic, queue.Coordinator);
            }

            listing.Write(terminal.Output, parsed.GetValue(format));
            foreach (var fault in faults) await terminal.Error.WriteLineAsync(fault).ConfigureAwait(false);
            var asked = Failures.Report(terminal, listed);
            return Failures.Report(terminal, queues) == ExitCode.Done && faults.Count == 0 ? asked : ExitCode.Failed;
        });
    }

    public static Command Describe(Terminal terminal)
    {
        var names = new Argument<string[]>("QUEUE") { Description = "Names of share groups", Arity = ArgumentArity.OneOrMore };
        var members = new Option<bool>("--members") { Description = "A row for each member rather than for each partition" };
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "describe", "Shows how queues deliver, and what waits in each partition", names, members, format).Does(async (client, parsed, cancellation) =>
        {
            var queues = await client.Groups.DescribeAsync(parsed.GetValue(names)!, cancellation).ConfigureAwait(false);
            var isByMember = parsed.GetValue(members);
            var listing = isByMember ? ByMember() : ByPartition();
            foreach (var outcome in queues)
            {
                if (outcome.Value is not { } queue) continue;
                if (!queue.IsShare) throw new InvalidOperationException($"'{queue.Id}' is a {queue.Type} group and no queue; 'moldau group describe {queue.Id}' shows it");
                var lags = await client.Groups.LagAsync(queue, cancellation).ConfigureAwait(false);
                if (parsed.GetValue(format) is OutputFormat.Text or OutputFormat.Wide) await SayAsync(terminal, client, queue, lags, cancellation).ConfigureAwait(false);
                if (isByMember)
                {
                    foreach (var member in queue.Members) listing.Add(queue.Id, member.Id, member.ClientId, member.Host, GroupArguments.Text(member.Assigned));
                }
                else
                {
                    foreach (var lag in lags) listing.Add(queue.Id, lag.Where.Topic, lag.Where.Partition, lag.Committed, lag.End, lag.Lag);
                }
            }

            if (listing.Count > 0 || parsed.GetValue(format) is OutputFormat.Json or OutputFormat.Yaml) listing.Write(terminal.Output, parsed.GetValue(format));
            return Failures.Report(terminal, queues);
        });
    }

    private static async Task SayAsync(Terminal terminal, KafkaClient client, GroupDescription queue, IReadOnlyList<PartitionLag> lags, CancellationToken cancellation)
    {
        var settings = await QueueSettings.ReadAsync(client, queue.Id, cancellation).ConfigureAwait(false);
        await terminal.Output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"queue {queue.Id}: {queue.State}, {queue.Members.Count} member{(queue.Members.Count == 1 ? "" : "s")}, {(Waiting(lags) is { } waiting ? $"{waiting} waiting, " : "")}coordinated by broker {queue.Coordinator}")).ConfigureAwait(false);
        await terminal.Output.WriteLineAsync($"{settings}{await DeadAsync(client, queue.Id, settings.DeadLetterTopic, cancellation).ConfigureAwait(false)}").ConfigureAwait(false);
    }

    private static async Task<string> DeadAsync(KafkaClient client, string queue, string? topic, CancellationToken cancellation)
    {
        if (topic is null) return "";
        try
        {
            var plan = await client.DeadLetters.PlanAsync(topic, new DeadLetterQuery { Group = queue }, cancellation).ConfigureAwait(false);
            return string.Create(CultureInfo.InvariantCulture, $", {plan.Letters.Values.Sum()} of them not sent back");
        }
        catch (KafkaException failure)
        {
            // The queue itself can be told of.
            return $", which cannot be read: {failure.Message}";
        }
    }

    private static Listing ByPartition() => new(new("QUEUE", "queue"), new("TOPIC", "topic"), new("PARTITION", "partition"), new("START", "start"), new("END", "end"), new("WAITING", "waiting"));

    private static Listing ByMember() => new(new("QUEUE", "queue"), new("MEMBER", "member"), new("CLIENT", "client"), new("HOST", "host"), new("PARTITIONS", "partitions"));

    /// <summary>Null where no partition's is known.</summary>
    private static long? Waiting(IReadOnlyList<PartitionLag> lags)
    {
        long? sum = null;
        foreach (var lag in lags)
        {
            if (lag.Lag is { } known) sum = (sum ?? 0) + known;
        }

        return sum;
    }
}
