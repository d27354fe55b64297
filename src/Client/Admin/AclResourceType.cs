namespace Moldau.Client.Admin;

/// <summary>What a rule is about, by the protocol's numbers.</summary>
public enum AclResourceType
{
    Topic = 2,
    Group = 3,
    Cluster = 4,
    TransactionalId = 5,
    DelegationToken = 6,
    User = 7,
}
