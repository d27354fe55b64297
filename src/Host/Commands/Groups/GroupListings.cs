using System.CommandLine;
using System.Globalization;
using Moldau.Client.Admin;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Groups;

/// <summary>What can be asked about groups.</summary>
internal static class GroupListings
{
    public static Command List(Terminal terminal)
    {
        var states = new Option<string[]>("--state") { Description = "Only groups in this state; several times for several", HelpName = "STATE" };
        var types = new Option<string[]>("--type") { Description = "Only groups of this type: classic, consumer, share, streams; several times for several", HelpName = "TYPE" };
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "list", "Lists the groups", states, types, format).Does(async (client, parsed, cancellation) =>
        {
            var groups = await client.Groups.ListAsync(parsed.GetValue(states), parsed.GetValue(types), cancellation).ConfigureAwait(false);
            var listing = new Listing(new("GROUP", "group"), new("TYPE", "type"), new("STATE", "state"), new("PROTOCOL-TYPE", "protocolType") { IsWide = true }, new("COORDINATOR", "coordinator"));
            foreach (var group in groups)
            {
                if (group.Value is { } known) listing.Add(known.Id, known.Type, known.State, known.ProtocolType, known.Coordinator);
            }

            listing.Write(terminal.Output, parsed.GetValue(format));
            return Failures.Report(terminal, groups);
        });
    }

    public static Command Describe(Terminal terminal)
    {
        var names = GroupArguments.Several();
        var members = new Option<bool>("--members") { Description = "A row for each member rather than for each partition" };
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "describe", "Shows how far groups are in each partition, and who reads it", names, members, format).Does(async (client, parsed, cancellation) =>
        {
            var groups = await client.Groups.DescribeAsync(parsed.GetValue(names)!, cancellation).ConfigureAwait(false);
            var isByMember = parsed.GetValue(members);
            var listing = isByMember ? ByMember() : ByPartition();
            foreach (var outcome in groups)
            {
                if (outcome.Value is not { } group) continue;
                if (parsed.GetValue(format) is OutputFormat.Text or OutputFormat.Wide) await terminal.Output.WriteLineAsync(Summary(group)).ConfigureAwait(false);
                if (isByMember) AddMembers(listing, group);
                else AddPartitions(listing, group, await client.Groups.LagAsync(group, cancellation).ConfigureAwait(false));
            }

            if (listing.Count > 0 || parsed.GetValue(format) is OutputFormat.Json or OutputFormat.Yaml) listing.Write(terminal.Output, parsed.GetValue(format));
            return Failures.Report(terminal, groups);
        });
    }

    private static string Summary(GroupDescription group) => string.Create(
        CultureInfo.InvariantCulture,
        $"group {group.Id}: {group.Type}, {group.State}, {group.Members.Count} member{(group.Members.Count == 1 ? "" : "s")}{(group.Assignor.Length == 0 ? "" : $", assigned by {group.Assignor}")}, coordinated by broker {group.Coordinator}");

    private static Listing ByPartition() => new(
        new("GROUP", "group"), new("TOPIC", "topic"), new("PARTITION", "partition"), new("COMMITTED", "committed"), new("END", "end"), new("LAG", "lag"),
        new("CLIENT", "client"), new("HOST", "host"), new("MEMBER", "member") { IsWide = true }, new("INSTANCE", "instance") { IsWide = true });

    private static Listing ByMember() => new(
        new("GROUP", "group"), new("MEMBER", "member"), new("INSTANCE", "instance") { IsWide = true }, new("CLIENT", "client"), new("HOST", "host"), new("EPOCH", "epoch"),
        new("PARTITIONS", "partitions"), new("ASSIGNED", "assigned"), new("TARGET", "target") { IsWide = true });

    private static void AddPartitions(Listing listing, GroupDescription group, IReadOnlyList<PartitionLag> lags)
    {
        foreach (var one in lags)
            listing.Add(group.Id, one.Where.Topic, one.Where.Partition, one.Committed, one.End, one.Lag, one.Holder?.ClientId, one.Holder?.Host, one.Holder?.Id, one.Holder?.InstanceId);
    }

    private static void AddMembers(Listing listing, GroupDescription group)
    {
        foreach (var member in group.Members)
            listing.Add(group.Id, member.Id, member.InstanceId, member.ClientId, member.Host, member.Epoch, member.Assigned.Count, GroupArguments.Text(member.Assigned), member.Target is null ? null : GroupArguments.Text(member.Target));
    }
}
