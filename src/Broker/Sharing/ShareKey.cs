using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Sharing;

/// <summary>A partition in the eyes of one group.</summary>
internal readonly record struct ShareKey(string Group, Uuid TopicId, int Number);
