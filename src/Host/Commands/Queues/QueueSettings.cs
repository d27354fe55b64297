using System.Globalization;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Protocol.Errors;

namespace Moldau.Host.Commands.Queues;

/// <summary>What a share group's settings say about deliveries, in a sentence. Those that a cluster of others does not know are not spoken of.</summary>
internal sealed class QueueSettings
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Why they could not be read; null where they were.</summary>
    public string? Fault { get; private set; }

    public string? DeadLetterTopic => Find("errors.deadletterqueue.topic.name");

    public static async Task<QueueSettings> ReadAsync(KafkaClient client, string group, CancellationToken cancellation)
    {
        var settings = new QueueSettings();
        try
        {
            foreach (var value in await client.Configs.DescribeAsync(new ConfigResource(ConfigResourceType.Group, group), cancellation: cancellation).ConfigureAwait(false))
            {
                if (value.Value is { } text) settings._values[value.Name] = text;
            }
        }
        catch (KafkaException refused) when (refused.Code is ErrorCode.GroupAuthorizationFailed)
        {
            // The queue itself can be told of.
            settings.Fault = refused.Message;
        }

        return settings;
    }

    public override string ToString()
    {
        if (Fault is not null) return $"its settings cannot be read: {Fault}";
        var parts = new List<string>();
        if (Find("share.delivery.count.limit") is { } limit) parts.Add($"up to {limit} deliveries of a record");
        if (Find("share.record.lock.duration.ms") is { } held) parts.Add($"{Seconds(held)} for each");
        if (Find("moldau.share.retry.delay.ms") is { } delay && delay != "0") parts.Add($"tried again after {Seconds(delay)}, then later and later up to {Seconds(Find("moldau.share.retry.delay.max.ms") ?? delay)}");
        if (Find("moldau.share.order") is "key") parts.Add("in order for each key");
        parts.Add(DeadLetterTopic is { } topic ? $"dead letters in {topic}" : "no dead letter topic");
        return string.Join(", ", parts);
    }

    private static string Seconds(string milliseconds) => long.TryParse(milliseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? string.Create(CultureInfo.InvariantCulture, $"{number / 1000.0:0.###} s")
        : $"{milliseconds} ms";

    private string? Find(string name) => _values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
