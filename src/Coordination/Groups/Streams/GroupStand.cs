namespace Moldau.Coordination.Groups.Streams;

/// <summary>What the record of a streams group says. Never changes.</summary>
/// <param name="Epoch">It grows with members, topology, topics, and the settings of assignments.</param>
/// <param name="Hash">Of the topics' metadata.</param>
/// <param name="ValidatedTopology">The epoch of the topology whose topics were found to be right; -1 for none.</param>
/// <param name="Settings">Those of assignments the epoch stands for.</param>
internal sealed record GroupStand(int Epoch, long Hash, int ValidatedTopology, IReadOnlyList<KeyValuePair<string, string>> Settings);
