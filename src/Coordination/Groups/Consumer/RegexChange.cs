namespace Moldau.Coordination.Groups.Consumer;

/// <summary>What a heartbeat did to its member's regular expression.</summary>
internal enum RegexChange
{
    None,

    /// <summary>Another one, and its topics are not known yet.</summary>
    Updated,

    /// <summary>Another one, or none any more, and its topics are known.</summary>
    UpdatedAndResolved,
}
