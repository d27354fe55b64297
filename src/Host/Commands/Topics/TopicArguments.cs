using System.CommandLine;
using Moldau.Client;
using Moldau.Client.Metadata;

namespace Moldau.Host.Commands.Topics;

/// <summary>What verbs on topics take.</summary>
internal static class TopicArguments
{
    public static Argument<string[]> Several() => new("TOPIC") { Description = "Names of topics", Arity = ArgumentArity.OneOrMore };

    public static Argument<string> One() => new("TOPIC") { Description = "The topic's name" };

    public static Option<int?> Partition() => new("--partition", "-p") { Description = "Only this partition", HelpName = "N" };

    public static List<TopicPartition> Partitions(IEnumerable<Outcome<TopicInfo>> topics)
    {
        var partitions = new List<TopicPartition>();
        foreach (var topic in topics)
        {
            foreach (var partition in topic.Value?.Partitions ?? []) partitions.Add(new TopicPartition(topic.Item, partition.Partition));
        }

        return partitions;
    }
}
