namespace Moldau.Coordination.Groups.Streams;

/// <summary>Where an application answers questions about its state.</summary>
internal sealed record UserEndpoint(string Host, ushort Port);
