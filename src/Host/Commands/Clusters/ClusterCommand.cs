using System.CommandLine;
using Moldau.Host.Commands.Output;
using Moldau.Protocol.Errors;

namespace Moldau.Host.Commands.Clusters;

/// <summary><c>moldau cluster</c>: brokers, features, disks, quorum.</summary>
internal static class ClusterCommand
{
    public static Command Create(Terminal terminal) => new("cluster", "Shows the cluster as a whole")
    {
        Describe(terminal),
        Features(terminal),
        LogDirs(terminal),
        Quorum(terminal),
    };

    private static Command Describe(Terminal terminal)
    {
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "describe", "Lists the brokers, the controller marked", format).Does(async (client, parsed, cancellation) =>
        {
            var cluster = await client.Cluster.DescribeAsync(cancellation).ConfigureAwait(false);
            var listing = new Listing(
                new("BROKER", "broker"), new("HOST", "host"), new("PORT", "port"), new("RACK", "rack"), new("CONTROLLER", "controller"), new("CLUSTER", "cluster") { IsWide = true });
            foreach (var broker in cluster.Brokers) listing.Add(broker.Id, broker.Host, broker.Port, broker.Rack, broker.Id == cluster.Controller, cluster.Id);
            if (parsed.GetValue(format) == OutputFormat.Text) await terminal.Output.WriteLineAsync($"cluster {cluster.Id}").ConfigureAwait(false);
            listing.Write(terminal.Output, parsed.GetValue(format));
            return ExitCode.Done;
        });
    }

    private static Command Features(Terminal terminal)
    {
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "features", "Lists features: what a broker can do, and what the cluster has settled on", format).Does(async (client, parsed, cancellation) =>
        {
            var listing = new Listing(new("FEATURE", "feature"), new("LOWEST", "lowest"), new("HIGHEST", "highest"), new("FINALIZED", "finalized"));
            foreach (var feature in await client.Cluster.FeaturesAsync(cancellation).ConfigureAwait(false))
                listing.Add(feature.Name, feature.LowestSupported, feature.HighestSupported, feature.Finalized);
            listing.Write(terminal.Output, parsed.GetValue(format));
            return ExitCode.Done;
        });
    }

    private static Command LogDirs(Terminal terminal)
    {
        var broker = new Option<int[]>("--broker") { Description = "Only this broker; several times for several", HelpName = "ID" };
        var partitions = new Option<bool>("--partitions") { Description = "A row for each partition rather than for each folder" };
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "log-dirs", "Shows the folders of the brokers and what they hold", broker, partitions, format).Does(async (client, parsed, cancellation) =>
        {
            var outcomes = await client.Cluster.LogDirsAsync(parsed.GetValue(broker) ?? [], cancellation).ConfigureAwait(false);
            var each = parsed.GetValue(partitions);
            var listing = each
                ? new Listing(new("BROKER", "broker"), new("PATH", "path"), new("TOPIC", "topic"), new("PARTITION", "partition"), new("BYTES", "bytes"), new("LAG", "lag"))
                : new Listing(
                    new("BROKER", "broker"), new("PATH", "path"), new("PARTITIONS", "partitions"), new("BYTES", "bytes"), new("STATE", "state"),
                    new("VOLUME-BYTES", "volumeBytes") { IsWide = true }, new("FREE-BYTES", "freeBytes") { IsWide = true });
            foreach (var folder in outcomes.SelectMany(static outcome => outcome.Value ?? []))
            {
                if (!each)
                {
                    var state = folder.Error == ErrorCode.None ? "ok" : folder.Error.Name();
                    listing.Add(folder.Broker, folder.Path, folder.Replicas.Count, folder.Replicas.Sum(static replica => replica.Bytes), state, folder.TotalBytes, folder.UsableBytes);
                    continue;
                }

                foreach (var replica in folder.Replicas.OrderBy(static replica => replica.Where.Topic, StringComparer.Ordinal).ThenBy(static replica => replica.Where.Partition))
                    listing.Add(folder.Broker, folder.Path, replica.Where.Topic, replica.Where.Partition, replica.Bytes, replica.Lag);
            }

            listing.Write(terminal.Output, parsed.GetValue(format));
            return Failures.Report(terminal, outcomes);
        });
    }

    private static Command Quorum(Terminal terminal)
    {
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "quorum", "Shows who decides about the cluster, and how far each is", format).Does(async (client, parsed, cancellation) =>
        {
            var quorum = await client.Cluster.QuorumAsync(cancellation).ConfigureAwait(false);
            var listing = new Listing(
                new("NODE", "node"), new("ROLE", "role"), new("LOG-END-OFFSET", "logEndOffset"), new("LAG", "lag"), new("EPOCH", "leaderEpoch") { IsWide = true });
            foreach (var member in quorum.Members)
            {
                var role = member.Id == quorum.Leader && member.IsVoter ? "leader" : member.IsVoter ? "voter" : "observer";
                listing.Add(member.Id, role, member.EndOffset, member.EndOffset < 0 ? null : Math.Max(0, quorum.HighWatermark - member.EndOffset), quorum.LeaderEpoch);
            }

            listing.Write(terminal.Output, parsed.GetValue(format));
            return ExitCode.Done;
        });
    }
}
