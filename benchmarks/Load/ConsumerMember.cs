namespace Moldau.Bench.Load;

/// <summary>A member of a group of KIP-848, as its own side sees it.</summary>
internal sealed class ConsumerMember(ConsumerLoadGroup group, string id)
{
    public ConsumerLoadGroup Group { get; } = group;

    public string Id { get; } = id;

    /// <summary>0: it is to join.</summary>
    public int Epoch { get; set; }

    public byte[] Topic { get; set; } = [];

    public int[] Partitions { get; set; } = [];

    public bool IsAsking { get; set; }

    /// <summary>Made once for an epoch.</summary>
    public byte[]? Beat { get; set; }
}
