using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Metadata.Operations;

/// <summary>How a creation ended.</summary>
public abstract record TopicCreation
{
    private TopicCreation()
    {
    }

    /// <summary>The topic is there, whole and durable; this revision shows it.</summary>
    public sealed record Created(long Revision) : TopicCreation;

    /// <summary>Another topic has the name.</summary>
    public sealed record NameTaken(Uuid ById) : TopicCreation;

    /// <summary>There is no such topic and will not be, for a reason that may pass: it may be tried again with another id.</summary>
    public sealed record Abandoned(string Reason) : TopicCreation;
}
