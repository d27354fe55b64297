namespace Moldau.Client.Groups;

internal enum NoticeKind
{
    /// <summary>Place and read them.</summary>
    Assign,

    /// <summary>Stop, finish, commit.</summary>
    Revoke,

    /// <summary>They belong to somebody else: stop.</summary>
    Lose,
}
