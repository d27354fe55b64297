using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Shards;

/// <summary>A record that is to be appended.</summary>
/// <param name="Key">Of which kind, says its class.</param>
/// <param name="Value">Null is a tombstone.</param>
/// <param name="Version">The value's; -1 is the highest.</param>
public readonly record struct ShardRecord(IMessage Key, IMessage? Value, short Version);
