using Moldau.Protocol.Primitives;

namespace Moldau.Storage.Folders;

/// <summary>A partition of a certain topic: a name alone may have been given anew.</summary>
public readonly record struct LogIdentity(PartitionName Name, Uuid TopicId);
