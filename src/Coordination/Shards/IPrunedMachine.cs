using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Shards;

/// <summary>
/// A machine whose records lose their meaning by later ones, though not key by key as compaction would have it: it says itself
/// from where on it needs its log.
/// </summary>
public interface IPrunedMachine : IShardMachine
{
    /// <summary>Below it nothing counts any more. Of what is committed alone.</summary>
    long FirstNeeded { get; }

    /// <summary>A record lies at an offset, for good: while the shard is loaded, and when an append is committed. In their order.</summary>
    void Stands(IMessage key, bool isTombstone, long offset);
}
