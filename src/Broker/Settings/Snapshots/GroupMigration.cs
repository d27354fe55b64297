namespace Moldau.Broker.Settings.Snapshots;

/// <summary>Between which protocols a group may move while it is in use.</summary>
[Flags]
public enum GroupMigration
{
    Disabled = 0,

    /// <summary>From classic to consumer.</summary>
    Upgrade = 1,

    /// <summary>From consumer to classic.</summary>
    Downgrade = 2,

    Bidirectional = Upgrade | Downgrade,
}
