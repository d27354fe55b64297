namespace Moldau.Broker.Quotas;

/// <summary>A limit, and who has it together.</summary>
internal readonly record struct QuotaShare(double Limit, QuotaMeterKey Key);
