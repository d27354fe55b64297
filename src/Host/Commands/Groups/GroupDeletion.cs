using System.CommandLine;
using System.Globalization;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Groups;

/// <summary>Groups, or some of their offsets, forgotten: a plan first, then the deed.</summary>
internal static class GroupDeletion
{
    public static Command Create(Terminal terminal)
    {
        var names = GroupArguments.Several();
        var topics = GroupArguments.Topics("Forget only what the group has stored there, and keep the group; several times for several");
        var yes = Consent.Option();
        return new ClusterVerb(terminal, "delete", "Deletes groups without members, with the offsets they have stored", names, topics, yes).Does((client, parsed, cancellation) =>
            parsed.GetValue(topics) is { Length: > 0 } some
                ? OffsetsAsync(terminal, client, parsed.GetValue(names)!, some, parsed.GetValue(yes), cancellation)
                : GroupsAsync(terminal, client, parsed.GetValue(names)!, parsed.GetValue(yes), cancellation));
    }

    private static async Task<int> GroupsAsync(Terminal terminal, Client.KafkaClient client, string[] names, bool isGiven, CancellationToken cancellation)
    {
        var groups = await client.Groups.DescribeAsync(names, cancellation).ConfigureAwait(false);
        if (Failures.Report(terminal, groups) != ExitCode.Done) return ExitCode.Failed;
        foreach (var group in groups)
        {
            var stored = group.Value!.IsShare
                ? (await client.Groups.ShareOffsetsAsync(group.Item, cancellation).ConfigureAwait(false)).Count
                : (await client.Groups.OffsetsAsync(group.Item, cancellation).ConfigureAwait(false)).Count;
            await terminal.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"to delete: group {group.Item}, {group.Value.Members.Count} members, offsets of {stored} partitions")).ConfigureAwait(false);
        }

        if (!Consent.Get(terminal, isGiven, $"Delete {groups.Count} group{(groups.Count == 1 ? "" : "s")} for good?")) return ExitCode.Failed;
        var outcomes = await client.Groups.DeleteAsync(names, cancellation).ConfigureAwait(false);
        foreach (var outcome in outcomes)
        {
            if (outcome.Succeeded) await terminal.Output.WriteLineAsync($"deleted group {outcome.Item}").ConfigureAwait(false);
        }

        return Failures.Report(terminal, outcomes);
    }

    private static async Task<int> OffsetsAsync(Terminal terminal, Client.KafkaClient client, string[] names, string[] topics, bool isGiven, CancellationToken cancellation)
    {
        if (names.Length > 1) throw new MisuseException("--topic goes with one group");
        var described = (await client.Groups.DescribeAsync(names, cancellation).ConfigureAwait(false))[0];
        if (described.Value?.IsShare == true) return await ShareOffsetsAsync(terminal, client, names[0], topics, isGiven, cancellation).ConfigureAwait(false);
        var wanted = await GroupArguments.PartitionsAsync(client, topics, cancellation).ConfigureAwait(false);
        var stored = await client.Groups.OffsetsAsync(names[0], cancellation).ConfigureAwait(false);
        var partitions = wanted.Where(stored.ContainsKey).ToList();
        if (partitions.Count == 0) throw new InvalidOperationException($"group '{names[0]}' has stored no offsets there");
        foreach (var where in partitions) await terminal.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"to forget: {where} of group {names[0]}, at {stored[where].Value.Offset}")).ConfigureAwait(false);
        if (!Consent.Get(terminal, isGiven, "Forget these offsets for good?")) return ExitCode.Failed;
        var outcomes = await client.Groups.DeleteOffsetsAsync(names[0], partitions, cancellation).ConfigureAwait(false);
        foreach (var outcome in outcomes)
        {
            if (outcome.Succeeded) await terminal.Output.WriteLineAsync($"forgot {outcome.Item}").ConfigureAwait(false);
        }

        return Failures.Report(terminal, outcomes);
    }

    /// <summary>A share group forgets topics as a whole, with what became of each record.</summary>
    private static async Task<int> ShareOffsetsAsync(Terminal terminal, Client.KafkaClient client, string group, string[] topics, bool isGiven, CancellationToken cancellation)
    {
        if (Array.Find(topics, static topic => topic.Contains(':', StringComparison.Ordinal)) is { } part)
            throw new MisuseException($"'{group}' is a share group, which forgets whole topics; --topic takes TOPIC there, not '{part}'");
        var stored = await client.Groups.ShareOffsetsAsync(group, cancellation).ConfigureAwait(false);
        var known = topics.Where(topic => stored.Keys.Any(where => where.Topic == topic)).Distinct().ToList();
        if (known.Count == 0) throw new InvalidOperationException($"group '{group}' has begun none of these topics");
        foreach (var (where, offset) in stored.Where(one => known.Contains(one.Key.Topic)).OrderBy(static one => one.Key.Topic, StringComparer.Ordinal).ThenBy(static one => one.Key.Partition))
            await terminal.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"to forget: {where} of group {group}, {(offset.Value.Start is { } start ? $"at {start}" : "not begun")}")).ConfigureAwait(false);
        if (!Consent.Get(terminal, isGiven, "Forget these offsets, and what became of each record behind them, for good?")) return ExitCode.Failed;
        var outcomes = await client.Groups.DeleteShareOffsetsAsync(group, known, cancellation).ConfigureAwait(false);
        foreach (var outcome in outcomes)
        {
            if (outcome.Succeeded) await terminal.Output.WriteLineAsync($"forgot {outcome.Item}").ConfigureAwait(false);
        }

        return Failures.Report(terminal, outcomes);
    }
}
