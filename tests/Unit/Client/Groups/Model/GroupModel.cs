using Moldau.Protocol.Messages;

namespace Moldau.Unit.Client.Groups.Model;

/// <summary>A coordinator, as simple as it can be and still right: a request in, answers out, some of them later.</summary>
internal abstract class GroupModel
{
    public const int SessionMs = 2000;

    /// <summary>What is to be sent: the request's ticket, and its answer.</summary>
    public List<(int Ticket, IMessage Answer)> Answers { get; } = [];

    /// <summary>Topics and how many partitions each has.</summary>
    public SortedDictionary<string, int> Topics { get; } = new(StringComparer.Ordinal) { ["t"] = 5, ["u"] = 3 };

    public abstract void Handle(int ticket, IMessage request, long now);

    /// <summary>Puts out whoever was not heard of for too long.</summary>
    public abstract void Tick(long now);

    /// <summary>Whether a member of that id is in the group.</summary>
    public abstract bool Knows(string member);

    protected MetadataResponse Metadata()
    {
        var response = new MetadataResponse();
        foreach (var (name, count) in Topics)
        {
            var topic = new MetadataResponse.Topic { Name = name, TopicId = IdOf(name) };
            for (var i = 0; i < count; i++) topic.Partitions.Add(new MetadataResponse.Partition { PartitionIndex = i });
            response.Topics.Add(topic);
        }

        return response;
    }

    protected static Moldau.Protocol.Primitives.Uuid IdOf(string topic) => new(7, topic[0]);
}
