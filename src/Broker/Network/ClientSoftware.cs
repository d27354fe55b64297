namespace Moldau.Broker.Network;

/// <summary>What a client calls itself.</summary>
internal sealed record ClientSoftware(string Name, string Version)
{
    public static ClientSoftware Unknown { get; } = new("unknown", "unknown");
}
