namespace Moldau.Bench.Load;

/// <summary>One consumer of a share group, with a session of its own.</summary>
internal sealed class ShareMember(string id)
{
    public string Id { get; } = id;

    public int MemberEpoch { get; set; }

    public int SessionEpoch { get; set; }

    /// <summary>What it has, to be accepted with its next request.</summary>
    public List<(int Partition, long First, long Last)> Held { get; } = [];

    /// <summary>Records that its request under way accepts.</summary>
    public long Accepting { get; set; }

    public bool IsAsking { get; set; }
}
