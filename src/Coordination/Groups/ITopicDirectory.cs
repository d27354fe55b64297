using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups;

/// <summary>Which topics there are, as of some revision of the cluster's metadata. Does not change.</summary>
public interface ITopicDirectory
{
    long Revision { get; }

    /// <summary>Of the last topic that was made; at most <see cref="Revision"/>.</summary>
    long NewestTopicRevision { get; }

    /// <summary>In no order.</summary>
    IEnumerable<string> Names { get; }

    TopicFacts? Find(string name);

    TopicFacts? Find(Uuid id);
}
