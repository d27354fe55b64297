using System.Globalization;
using System.Text;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Unit.Coordination.Scenarios;

/// <summary>
/// Bytes that members give each other: a text as it is, '$sub:t/u' for a subscription, '$cut:t/u' for one that calls itself of
/// version 1 and ends where version 0 does, '$own:t/0/1' for an assignment.
/// </summary>
internal static class ScenarioBytes
{
    public static byte[] Of(string text)
    {
        if (text.StartsWith("$sub:", StringComparison.Ordinal) || text.StartsWith("$cut:", StringComparison.Ordinal))
        {
            var subscription = new ConsumerProtocolSubscription();
            foreach (var topic in text[5..].Split('/')) subscription.Topics.Add(topic);
            var bytes = Written(subscription);
            if (text[1] == 'c') bytes[1] = 1;
            return bytes;
        }

        if (!text.StartsWith("$own:", StringComparison.Ordinal)) return Encoding.UTF8.GetBytes(text);
        var parts = text[5..].Split('/');
        var topicPart = new ConsumerProtocolAssignment.TopicPartition { Topic = parts[0] };
        foreach (var part in parts.Skip(1)) topicPart.Partitions.Add(int.Parse(part, CultureInfo.InvariantCulture));
        return Written(new ConsumerProtocolAssignment { AssignedPartitions = [topicPart] });
    }

    // Version 0 in front, and of what follows.
    private static byte[] Written(IMessage message)
    {
        var bytes = new byte[sizeof(short) + message.Size(0)];
        var writer = new WireWriter(bytes.AsSpan(sizeof(short)));
        message.Write(ref writer, 0);
        return bytes;
    }
}
