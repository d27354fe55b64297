namespace Moldau.Client.Admin;

/// <summary>Whether a rule lets or keeps, by the protocol's numbers; what keeps wins.</summary>
public enum AclPermission
{
    Deny = 2,
    Allow = 3,
}
