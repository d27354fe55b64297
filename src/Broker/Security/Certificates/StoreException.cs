namespace Moldau.Broker.Security.Certificates;

/// <summary>A store of keys or certificates that cannot be used, and what to do about it.</summary>
public sealed class StoreException(string message, Exception? cause = null) : Exception(message, cause);
