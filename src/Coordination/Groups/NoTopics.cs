using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups;

/// <summary>A cluster without topics.</summary>
public sealed class NoTopics : ITopicDirectory
{
    public static NoTopics Instance { get; } = new();

    public long Revision => 0;

    public long NewestTopicRevision => 0;

    public IEnumerable<string> Names => [];

    public TopicFacts? Find(string name) => null;

    public TopicFacts? Find(Uuid id) => null;
}
