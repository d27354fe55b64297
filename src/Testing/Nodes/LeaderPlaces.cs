using System.Collections.Concurrent;
using Moldau.Protocol.Primitives;

namespace Moldau.Testing.Nodes;

/// <summary>
/// Which node leads what, by the leader epoch alone: whoever sees an epoch, in the metadata or at the partition, sees its leader
/// with it. What was never moved is the first node's.
/// </summary>
internal sealed class LeaderPlaces(int first)
{
    private readonly ConcurrentDictionary<(Uuid Topic, int Partition), Turn> _moves = [];

    public int LeaderOf(Uuid topic, int partition, int epoch) =>
        !_moves.TryGetValue((topic, partition), out var move) ? first : epoch >= move.Epoch ? move.To : move.From;

    /// <summary>The partition will be led by another node from an epoch on that it has not reached yet.</summary>
    public void Move(Uuid topic, int partition, int from, int to, int epoch) => _moves[(topic, partition)] = new Turn(from, to, epoch);

    private readonly record struct Turn(int From, int To, int Epoch);
}
