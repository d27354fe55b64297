using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Groups;

/// <summary>Which topics concern somebody and how many partitions each has: asked for, and compared with what was known.</summary>
internal sealed class TopicWatch
{
    private readonly GroupSubscription _subscription;
    private Dictionary<string, int> _partitions = new(StringComparer.Ordinal);

    public TopicWatch(GroupSubscription subscription)
    {
        _subscription = subscription;
        Names = new SortedSet<string>(subscription.Topics, StringComparer.Ordinal);
        IsKnown = subscription.Pattern is null;
    }

    public SortedSet<string> Names { get; private set; }

    /// <summary>False as long as nobody was asked what a pattern matches.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Of those that are there.</summary>
    public IReadOnlyDictionary<string, int> Partitions => _partitions;

    public MetadataRequest Request()
    {
        var request = new MetadataRequest { AllowAutoTopicCreation = false, Topics = null };
        if (_subscription.Pattern is not null) return request;
        request.Topics = [];
        foreach (var name in Names) request.Topics.Add(new MetadataRequest.Topic { Name = name });
        return request;
    }

    /// <summary>Whether it is other than before.</summary>
    public bool Learn(MetadataResponse response)
    {
        var all = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var topic in response.Topics)
        {
            if (topic.Name is { } name && topic.ErrorCode is (ErrorCode.None or ErrorCode.LeaderNotAvailable)) all[name] = topic.Partitions.Count;
        }

        if (_subscription.Pattern is not null) Names = _subscription.Match(all.Keys);
        var partitions = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in Names)
        {
            if (all.TryGetValue(name, out var count)) partitions[name] = count;
        }

        var isChange = IsKnown && !Same(partitions, _partitions);
        (_partitions, IsKnown) = (partitions, true);
        return isChange;
    }

    private static bool Same(Dictionary<string, int> one, Dictionary<string, int> other)
    {
        if (one.Count != other.Count) return false;
        foreach (var (name, count) in one)
        {
            if (!other.TryGetValue(name, out var theirs) || theirs != count) return false;
        }

        return true;
    }
}
