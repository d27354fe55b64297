namespace Moldau.Broker.Settings;

/// <summary>How a broker's setting can be changed while it runs.</summary>
public enum SettingChange
{
    /// <summary>Not at all: what the start found holds.</summary>
    ReadOnly,

    /// <summary>On one node at a time.</summary>
    PerBroker,

    /// <summary>On one node, or for all nodes at once.</summary>
    ClusterWide,
}
