namespace Moldau.Bench.Load;

/// <summary>A member of a classic group, as its own side sees it.</summary>
internal sealed class ClassicMember(ClassicLoadGroup group)
{
    public enum Question
    {
        None,
        Join,
        Sync,
        Heartbeat,
        Leave,
    }

    public ClassicLoadGroup Group { get; } = group;

    /// <summary>Empty before the broker has given one.</summary>
    public string Id { get; set; } = "";

    /// <summary>That it has an assignment of; -1 for none.</summary>
    public int Generation { get; set; } = -1;

    /// <summary>That it asks its assignment for.</summary>
    public int Joined { get; set; } = -1;

    /// <summary>What it waits for an answer to.</summary>
    public Question Asked { get; set; }

    /// <summary>Made once for a generation.</summary>
    public byte[]? Beat { get; set; }
}
