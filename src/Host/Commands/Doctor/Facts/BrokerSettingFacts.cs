namespace Moldau.Host.Commands.Doctor.Facts;

/// <summary>The settings of one running broker.</summary>
/// <param name="Broker">Its id.</param>
/// <param name="BrokerCount">How many there are in its cluster.</param>
/// <param name="Values">By name; null for a secret or what is not set.</param>
internal sealed record BrokerSettingFacts(int Broker, int BrokerCount, IReadOnlyDictionary<string, string?> Values);
