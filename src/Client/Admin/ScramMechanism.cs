namespace Moldau.Client.Admin;

/// <summary>By the protocol's numbers.</summary>
public enum ScramMechanism
{
    Sha256 = 1,
    Sha512 = 2,
}
