using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Moldau.Broker.Metadata.Records;

/// <summary>What all must agree on about a partition. It is changed by compare-and-swap alone, each time one partition epoch on.</summary>
/// <param name="Replicas">The nodes that are to hold it, the preferred leader first.</param>
/// <param name="Isr">Those of them that hold all that was acknowledged.</param>
/// <param name="Leader">A node, or <see cref="NoLeader"/>.</param>
/// <param name="LeaderEpoch">Grows with each election, and with each start after a crash.</param>
/// <param name="PartitionEpoch">Grows by one with each change.</param>
/// <param name="Move">Where replicas are being moved.</param>
/// <param name="Eligible">Where the ISR is too small to elect from it alone.</param>
/// <param name="IsRecovering">The leader was elected without holding all, and has not put its log in order yet.</param>
public sealed record PartitionRecord(
    [property: JsonPropertyOrder(-2)] ImmutableArray<int> Replicas,
    ImmutableArray<int> Isr,
    int Leader,
    int LeaderEpoch,
    int PartitionEpoch,
    ReplicaMove? Move = null,
    EligibleLeaders? Eligible = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsRecovering = false) : MetadataRecord, IMetadataRecord
{
    public const int NoLeader = -1;

    public static int NewestVersion => 1;

    // Mostly the same list, and there may be a hundred thousand of them.
    [JsonPropertyOrder(-1)]
    public ImmutableArray<int> Isr { get; init; } = !Isr.IsDefault && !Replicas.IsDefault && Isr.AsSpan().SequenceEqual(Replicas.AsSpan()) ? Replicas : Isr;

    /// <summary>A new partition: every replica is in the ISR, and the first one leads.</summary>
    public static PartitionRecord New(ImmutableArray<int> replicas) => new(replicas, replicas, replicas[0], 0, 0);

    public string? Fault()
    {
        if (Replicas.IsDefaultOrEmpty) return "no replicas";
        if (Isr.IsDefault) return "no ISR";
        for (var i = 1; i < Replicas.Length; i++)
        {
            if (Replicas.AsSpan(0, i).Contains(Replicas[i])) return $"replicas {string.Join(", ", Replicas)}, of which one is there twice";
        }

        foreach (var node in Isr)
        {
            if (!Replicas.Contains(node)) return $"node {node} in the ISR and not among the replicas {string.Join(", ", Replicas)}";
        }

        if (Leader != NoLeader && !Isr.Contains(Leader)) return $"leader {Leader}, which is not in the ISR {string.Join(", ", Isr)}";
        return LeaderEpoch < 0 || PartitionEpoch < 0 ? $"leader epoch {LeaderEpoch}, partition epoch {PartitionEpoch}" : null;
    }
}
