using System.CommandLine;
using System.Globalization;
using Moldau.Client;
using Moldau.Client.DeadLetters;
using Moldau.Protocol.Errors;

namespace Moldau.Host.Commands.Queues;

/// <summary>Which dead letters are meant.</summary>
internal sealed class DeadLetterOptions
{
    public Argument<string> Queue { get; } = new("QUEUE") { Description = "The share group that gave the records up" };

    public Option<string?> Topic { get; } = new("--topic") { Description = "The dead letter topic, where the group's settings name none or another by now", HelpName = "TOPIC" };

    public Option<string?> Origin { get; } = new("--origin") { Description = "Only records that came from this topic", HelpName = "TOPIC" };

    public Option<string[]> Only { get; } = new("--only") { Description = "Only this letter, as 'moldau queue dead' names it; several times for several", HelpName = "PARTITION:OFFSET" };

    /// <exception cref="MisuseException">No topic is known.</exception>
    /// <exception cref="InvalidOperationException">The settings may not be read.</exception>
    public async Task<string> TopicAsync(KafkaClient client, ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(Topic) is { Length: > 0 } topic) return topic;
        var queue = parsed.GetValue(Queue)!;
        try
        {
            return await client.DeadLetters.FindTopicAsync(queue, cancellation).ConfigureAwait(false)
                ?? throw new MisuseException($"queue '{queue}' has no dead letter topic: 'moldau config set group {queue} errors.deadletterqueue.topic.name=TOPIC' gives it one, and --topic reads one it had");
        }
        catch (KafkaException refused) when (refused.Code is ErrorCode.GroupAuthorizationFailed)
        {
            throw new InvalidOperationException($"the settings of queue '{queue}' cannot be read, which name its dead letter topic: {refused.Message}; --topic names it without them", refused);
        }
    }

    /// <exception cref="MisuseException">A letter's name is none.</exception>
    public DeadLetterQuery Query(ParseResult parsed, bool withReplayed) => new()
    {
        Group = parsed.GetValue(Queue), Origin = parsed.GetValue(Origin), WithReplayed = withReplayed, Only = [.. (parsed.GetValue(Only) ?? []).Select(Letter)],
    };

    private static (int Partition, long Offset) Letter(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            && long.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? (partition, offset)
            : throw new MisuseException($"--only takes a letter as PARTITION:OFFSET, such as 0:17, not '{text}'");
    }
}
