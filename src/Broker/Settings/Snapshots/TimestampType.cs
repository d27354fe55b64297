namespace Moldau.Broker.Settings.Snapshots;

/// <summary>Which time a topic's records carry.</summary>
public enum TimestampType
{
    /// <summary>The producer's.</summary>
    CreateTime,

    /// <summary>When the broker appended them.</summary>
    LogAppendTime,
}
