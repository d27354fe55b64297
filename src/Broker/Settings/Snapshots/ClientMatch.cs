using System.Text.RegularExpressions;

namespace Moldau.Broker.Settings.Snapshots;

/// <summary>What a client must be for a subscription to its metrics to mean it.</summary>
/// <param name="Name">What of the client is looked at: <c>client_id</c> and the like.</param>
/// <param name="Pattern">What all of that must fit.</param>
public sealed record ClientMatch(string Name, Regex Pattern);
