using System.CommandLine;
using System.Globalization;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Groups;

/// <summary>A group sent somewhere else: a plan first, then the deed.</summary>
internal static class GroupSeeking
{
    public static Command Create(Terminal terminal)
    {
        var name = GroupArguments.One();
        var to = new Option<string>("--to")
        {
            Description = "Where to go on: the ends, an offset, so many records on (+N) or back (-N), or the first record of a time (2026-01-31T12:00:00Z)",
            HelpName = "earliest|latest|OFFSET|+N|-N|TIME",
            Required = true,
        };
        var topics = GroupArguments.Topics("Only there; several times for several; everything the group has stored where nothing is said, but for topics that a streams application writes for itself");
        var type = new Option<string?>("--type") { Description = "Of a group that nobody knows yet: whether it will be one of share consumers", HelpName = "consumer|share" };
        type.AcceptOnlyFromAmong("consumer", "share");
        var yes = Consent.Option();
        return new ClusterVerb(terminal, "seek", "Sends a group without members to other offsets", name, to, topics, type, yes).Does(async (client, parsed, cancellation) =>
        {
            var group = parsed.GetValue(name)!;
            var seek = Parse(parsed.GetValue(to)!);
            var known = await FindAsync(client, group, cancellation).ConfigureAwait(false);
            var isShare = known?.IsShare ?? parsed.GetValue(type) == "share";
            if (known?.Members.Count is > 0 and var members) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"group '{group}' has {members} member{(members == 1 ? "" : "s")}, who would go on where they are; stop them first"));
            var partitions = await GroupArguments.PartitionsAsync(client, parsed.GetValue(topics) ?? [], cancellation).ConfigureAwait(false);
            var keeps = partitions.Count == 0 && known is { InternalTopics.Count: > 0 } ? known.InternalTopics : [];
            if (keeps.Count > 0) partitions = await InputsAsync(client, group, keeps, cancellation).ConfigureAwait(false);
            var plan = isShare
                ? await client.Groups.PlanShareAsync(group, partitions, seek, cancellation).ConfigureAwait(false)
                : await client.Groups.PlanAsync(group, partitions, seek, cancellation).ConfigureAwait(false);
            if (Failures.Report(terminal, plan) != ExitCode.Done) return ExitCode.Failed;
            if (plan.Count == 0) throw new InvalidOperationException($"group '{group}' has stored no offsets; --topic says where it is to begin");
            Show(terminal, plan);
            if (keeps.Count > 0)
            {
                await terminal.Error.WriteLineAsync(
                    $"the application's own topics stay as they are, so what is read again is added to the state it has; to begin with none, delete them ('moldau topic delete {string.Join(' ', keeps)}') and the instances' state folders").ConfigureAwait(false);
            }

            if (!Consent.Get(terminal, parsed.GetValue(yes), $"Move group {group}?")) return ExitCode.Failed;
            var outcomes = isShare
                ? await client.Groups.ApplyShareAsync(group, plan, cancellation).ConfigureAwait(false)
                : await client.Groups.ApplyAsync(group, plan, cancellation).ConfigureAwait(false);
            var moved = outcomes.Count(static outcome => outcome.Succeeded);
            await terminal.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"moved group {group} in {moved} partition{(moved == 1 ? "" : "s")}")).ConfigureAwait(false);
            return Failures.Report(terminal, outcomes);
        });
    }

    /// <summary>What a streams application has repartitioned is made again of its inputs: read twice, it would count twice.</summary>
    private static async Task<List<TopicPartition>> InputsAsync(KafkaClient client, string group, IReadOnlyList<string> own, CancellationToken cancellation)
    {
        var stored = await client.Groups.OffsetsAsync(group, cancellation).ConfigureAwait(false);
        var inputs = stored.Keys.Where(where => !own.Contains(where.Topic)).ToList();
        return inputs.Count > 0 ? inputs : throw new InvalidOperationException($"group '{group}' has stored no offsets but in topics of its own ({string.Join(", ", own)}); --topic says where it is to begin");
    }

    /// <exception cref="MisuseException">It is no place.</exception>
    private static GroupSeek Parse(string text)
    {
        if (text is "earliest") return GroupSeek.Earliest;
        if (text is "latest") return GroupSeek.Latest;
        if (text.Length > 1 && text[0] is '+' or '-' && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var records)) return GroupSeek.By(records);
        // A bare number is an offset here, never a time in milliseconds.
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset)) return GroupSeek.To(offset);
        try
        {
            return GroupSeek.At(TimeText.Parse(text));
        }
        catch (MisuseException)
        {
            throw new MisuseException($"--to takes earliest, latest, an offset, +N, -N or a time such as 2026-01-31T12:00:00Z, not '{text}'");
        }
    }

    /// <summary>A group that nobody knows yet may be given offsets before its first member comes.</summary>
    private static async Task<GroupDescription?> FindAsync(KafkaClient client, string group, CancellationToken cancellation)
    {
        var described = await client.Groups.DescribeAsync([group], cancellation).ConfigureAwait(false);
        if (described[0].Error is { } error && error.Code != Moldau.Protocol.Errors.ErrorCode.GroupIdNotFound) throw error;
        return described[0].Value;
    }

    private static void Show(Terminal terminal, IReadOnlyList<Outcome<OffsetMove>> plan)
    {
        var listing = new Listing(new("TOPIC", "topic"), new("PARTITION", "partition"), new("FROM", "from"), new("TO", "to"), new("LAG-THEN", "lagThen"));
        foreach (var one in plan) listing.Add(one.Value.Where.Topic, one.Value.Where.Partition, one.Value.From, one.Value.To, one.Value.End - one.Value.To);
        listing.Write(terminal.Error, OutputFormat.Text);
    }
}
