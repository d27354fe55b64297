namespace Moldau.Client.Admin;

/// <summary>How a rule's name is meant, by the protocol's numbers.</summary>
public enum AclPatternType
{
    /// <summary>In filters: every pattern that holds for the name.</summary>
    Match = 2,
    Literal = 3,
    Prefixed = 4,
}
