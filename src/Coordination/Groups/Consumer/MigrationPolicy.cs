namespace Moldau.Coordination.Groups.Consumer;

/// <summary>Whether a group in use may move between the classic and the consumer protocol.</summary>
public enum MigrationPolicy
{
    Disabled,
    Upgrade,
    Downgrade,
    Bidirectional,
}
