namespace Moldau.Client.Security;

/// <summary>A conversation that cannot go on, for the reason in its message, which holds no secret.</summary>
internal sealed class SaslRefusedException(string message) : Exception(message);
