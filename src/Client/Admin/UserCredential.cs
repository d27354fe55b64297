namespace Moldau.Client.Admin;

/// <summary>That a user has a password for a mechanism; the password itself nobody can tell.</summary>
public sealed record UserCredential(string User, ScramMechanism Mechanism, int Iterations);
