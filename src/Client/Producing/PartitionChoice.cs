using Moldau.Protocol.Records;

namespace Moldau.Client.Producing;

/// <summary>Chooses a record's partition. Called by many threads at once.</summary>
/// <param name="topic">Its topic.</param>
/// <param name="key">Its key's bytes.</param>
/// <param name="partitions">How many there are.</param>
/// <returns>From 0 to below their number, or <see cref="Partitioner.Anywhere"/>.</returns>
public delegate int PartitionChoice(string topic, OptionalBytes key, int partitions);
