namespace Moldau.Broker.Settings.Start;

/// <summary>What a start found: checked, and with the values of providers in their places.</summary>
/// <param name="Values">By setting's name.</param>
/// <param name="Notes">A sentence each for the log: what has no effect, and what was left as it is.</param>
public sealed record StartSettings(IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> Notes);
