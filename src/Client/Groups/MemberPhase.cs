namespace Moldau.Client.Groups;

internal enum MemberPhase
{
    /// <summary>On its way in, or in again.</summary>
    Joining,

    /// <summary>Leads, and must know the topics before it can say who gets what.</summary>
    Looking,

    /// <summary>Waits to hear what it gets.</summary>
    Syncing,

    /// <summary>In, and heartbeats.</summary>
    Stable,

    /// <summary>Out until its consumer goes on.</summary>
    Away,

    /// <summary>On its way out.</summary>
    Leaving,

    Over,
}
