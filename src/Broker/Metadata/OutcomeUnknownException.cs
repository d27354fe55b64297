namespace Moldau.Broker.Metadata;

/// <summary>Whether something was done could not be found out. It may have been, or may still be: look before doing it again.</summary>
public sealed class OutcomeUnknownException(string message, Exception? inner = null) : Exception(message, inner);
