using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>A partition that several members may have.</summary>
internal readonly record struct SharedPartition(Uuid Topic, int Number)
{
    /// <summary>Java's.</summary>
    public int Hash => unchecked((31 * JavaHash.OfId(Topic)) + Number);
}
