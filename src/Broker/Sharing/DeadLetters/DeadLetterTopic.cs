using Moldau.Broker.Partitions;
using Moldau.Broker.Requests.Topics;
using Moldau.Protocol.Errors;

namespace Moldau.Broker.Sharing.DeadLetters;

/// <summary>Finds the topic that a group's dead letters go into, where the cluster and the topic allow that; makes it where that is wanted.</summary>
internal sealed class DeadLetterTopic(SharingParts parts)
{
    private const string Allows = "errors.deadletterqueue.group.enable";
    private const string Creates = "errors.deadletterqueue.auto.create.topics.enable";
    private const string Prefix = "errors.deadletterqueue.topic.name.prefix";

    /// <param name="name">What the group's settings say.</param>
    /// <param name="origin">The topic that the records lie in.</param>
    /// <returns>The topic, or why there is none and what is to be done.</returns>
    public async Task<(HostedTopic? Topic, string? Fault)> FindAsync(string name, string origin)
    {
        // The group would be given the copy, and give that up as well: for ever, and longer each time.
        if (name == origin) return (null, "the records lie in that topic themselves: name another one in the group's errors.deadletterqueue.topic.name");
        var settings = parts.Settings.Current;
        if (TopicName.Fault(name) is { } fault) return (null, $"{fault}: set the group's errors.deadletterqueue.topic.name");
        if (!name.StartsWith(settings.ShareGroups.DeadLetterPrefix, StringComparison.Ordinal) || name.StartsWith("__", StringComparison.Ordinal))
            return (null, $"the name does not begin with '{settings.ShareGroups.DeadLetterPrefix}', as the cluster's {Prefix} wants: name another topic in the group's errors.deadletterqueue.topic.name, or set the prefix");
        if (parts.Topics.Find(name) is null)
        {
            if (!settings.ShareGroups.CreatesDeadLetterTopics) return (null, $"there is no such topic: create it with {Allows}=true, or set the cluster's {Creates}");
            var created = await parts.Creator.CreateAsync(name, settings.Topics.Partitions, null, new Dictionary<string, string> { [Allows] = "true" }).ConfigureAwait(false);
            if (created.Error is not (ErrorCode.None or ErrorCode.TopicAlreadyExists)) return (null, $"it could not be created: {created.Message}");
        }

        if (parts.Topics.Find(name) is not { } topic) return (null, "it is not served yet");
        if (topic.Settings.Log.Compacts) return (null, "the topic is compacted, which would drop letters of the same key: set its cleanup.policy to delete, or name another one");
        return topic.Settings.TakesDeadLetters ? (topic, null) : (null, $"the topic does not allow it: set its {Allows} to true, or name another one");
    }
}
