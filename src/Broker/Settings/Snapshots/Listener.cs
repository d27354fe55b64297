namespace Moldau.Broker.Settings.Snapshots;

/// <summary>One address.</summary>
/// <param name="Name">The listener's, in upper case.</param>
/// <param name="Host">Empty for every address of the machine; an IPv6 address stands without brackets.</param>
/// <param name="Port">0 for one that is free.</param>
/// <param name="Protocol">What is spoken there: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.</param>
public sealed record Listener(string Name, string Host, int Port, string Protocol);
