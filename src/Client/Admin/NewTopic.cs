namespace Moldau.Client.Admin;

/// <summary>A topic to be made.</summary>
public sealed record NewTopic(string Name)
{
    /// <summary>-1: the broker's default.</summary>
    public int Partitions { get; init; } = -1;

    /// <summary>-1: the broker's default.</summary>
    public short Replicas { get; init; } = -1;

    public IReadOnlyDictionary<string, string> Configs { get; init; } = new Dictionary<string, string>();
}
