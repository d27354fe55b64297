using System.CommandLine;
using System.Globalization;
using Moldau.Client;
using Moldau.Host.Commands.Topics;

namespace Moldau.Host.Commands.Groups;

/// <summary>What verbs on groups take.</summary>
internal static class GroupArguments
{
    public static Argument<string[]> Several() => new("GROUP") { Description = "Names of groups", Arity = ArgumentArity.OneOrMore };

    public static Argument<string> One() => new("GROUP") { Description = "The group's name" };

    public static Option<string[]> Topics(string description) => new("--topic") { Description = description, HelpName = "TOPIC[:PARTITION,...]" };

    /// <summary>Topics with or without partitions as somebody types them.</summary>
    /// <exception cref="MisuseException">One is neither.</exception>
    /// <exception cref="KafkaException">One is not there.</exception>
    public static async Task<List<TopicPartition>> PartitionsAsync(KafkaClient client, string[] texts, CancellationToken cancellation, string option = "--topic")
    {
        var partitions = new List<TopicPartition>();
        var whole = new List<string>();
        foreach (var text in texts)
        {
            // No topic's name has a colon.
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                whole.Add(text);
                continue;
            }

            foreach (var number in text[(colon + 1)..].Split(','))
            {
                if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var partition)) throw new MisuseException($"{option} takes TOPIC or TOPIC:PARTITION,..., not '{text}'");
                partitions.Add(new TopicPartition(text[..colon], partition));
            }
        }

        if (whole.Count == 0) return partitions;
        var topics = await client.Topics.DescribeAsync(whole, cancellation).ConfigureAwait(false);
        foreach (var topic in topics) topic.Get();
        partitions.AddRange(TopicArguments.Partitions(topics));
        return partitions;
    }

    /// <summary>Partitions as <see cref="PartitionsAsync"/> takes them.</summary>
    public static string Text(IReadOnlyList<TopicPartition> partitions) => string.Join(' ', partitions
        .GroupBy(static where => where.Topic, StringComparer.Ordinal)
        .OrderBy(static topic => topic.Key, StringComparer.Ordinal)
        .Select(static topic => $"{topic.Key}:{string.Join(',', topic.Select(static where => where.Partition).Order())}"));
}
