namespace Moldau.Unit.Coordination.Transactions.Simulation;

/// <summary>What must hold.</summary>
internal static class Rule
{
    public static void Holds(bool holds, string what)
    {
        if (!holds) throw new RuleBrokenException(what);
    }
}
