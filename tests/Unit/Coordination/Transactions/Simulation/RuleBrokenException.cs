namespace Moldau.Unit.Coordination.Transactions.Simulation;

/// <summary>The simulation has seen what must not be.</summary>
public sealed class RuleBrokenException(string what) : Exception(what);
