namespace Moldau.Broker.Security.Sasl.OAuth;

/// <summary>A token that does not count, or keys that cannot be had. Its message holds neither token nor key.</summary>
internal sealed class TokenException(string problem) : Exception(problem);
