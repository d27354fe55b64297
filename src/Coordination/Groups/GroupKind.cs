namespace Moldau.Coordination.Groups;

/// <summary>By which protocol a group's members agree.</summary>
public enum GroupKind
{
    Classic,
    Consumer,
    Share,
    Streams,
}
