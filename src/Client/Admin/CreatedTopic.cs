using Moldau.Protocol.Primitives;

namespace Moldau.Client.Admin;

/// <summary>A topic as it was made; -1 where an old broker does not tell.</summary>
public sealed record CreatedTopic(string Name, Uuid Id, int Partitions, short Replicas);
