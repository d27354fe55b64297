namespace Moldau.Broker.Security.Sasl;

/// <summary>Whether a request may pass.</summary>
/// <param name="Reason">Why not; null where it may.</param>
/// <param name="IsAnswered">Whether it is answered with an error before the connection ends.</param>
internal readonly record struct SaslAdmission(string? Reason, bool IsAnswered = false);
