namespace Moldau.Broker.Settings.Start;

/// <summary>A provider could not look up what it was asked for.</summary>
internal sealed class ProviderException(string message, Exception? inner = null) : Exception(message, inner);
