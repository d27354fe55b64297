namespace Moldau.Bench.Clients;

/// <summary>A client's process could not do a row.</summary>
internal sealed class ClientFailedException(string message) : Exception(message);
