namespace Moldau.Client.Groups;

/// <summary>How the members of a group agree on who reads what.</summary>
public enum GroupProtocol
{
    /// <summary>The consumer protocol where the coordinator has it and the group is not a classic one, else the classic protocol.</summary>
    Auto,

    /// <summary>A member that leads computes what each gets, and all stop or hand over in rounds.</summary>
    Classic,

    /// <summary>The coordinator computes what each gets (KIP-848).</summary>
    Consumer,
}
