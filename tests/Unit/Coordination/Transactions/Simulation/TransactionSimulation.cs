using Moldau.Coordination.Transactions;

namespace Moldau.Unit.Coordination.Transactions.Simulation;

/// <summary>
/// A coordinator, partitions and producers, between them lost, repeated and late messages, and crashes of all. Readers look
/// all the time; at the end everything is left alone, and must come to rest.
/// </summary>
internal static class TransactionSimulation
{
    private const long Busy = 120_000;
    private const long Rest = 120_000;

    /// <returns>How many transactions were committed.</returns>
    /// <exception cref="RuleBrokenException">With what was seen.</exception>
    public static int Run(int seed, SimulationBreaks breaks)
    {
        var time = new SimulatedTime(seed);
        SimulatedCoordinator? coordinator = null;
        var partitions = Enumerable.Range(0, 3).Select(number => new SimulatedPartition(number, time, breaks, () => coordinator!)).ToList();
        coordinator = new SimulatedCoordinator(time, breaks, partitions);
        var end = time.Now + Busy;
        var producers = new List<SimulatedProducer>();
        foreach (var (id, bumps) in new[] { ("a", true), ("b", true), ("c", false), ("a", true) })
            producers.Add(new SimulatedProducer($"{id}{producers.Count}", id, bumps, time, coordinator, partitions, end));
        var tasks = producers.Select(static producer => producer.RunAsync()).ToList();
        Crashes(time, coordinator, partitions, end);
        Readers(time, partitions, end + Rest);

        time.RunUntil(end);
        time.HasFaults = false;
        time.RunUntil(end + Rest);
        foreach (var task in tasks.Where(static task => task.IsFaulted)) task.GetAwaiter().GetResult();
        Check(coordinator, partitions, producers);
        return producers.Sum(static producer => producer.Committed.Count);
    }

    private static void Check(SimulatedCoordinator coordinator, List<SimulatedPartition> partitions, List<SimulatedProducer> producers)
    {
        foreach (var (id, transaction) in coordinator.Transactions)
            Rule.Holds(transaction.State is TransactionState.Empty or TransactionState.CompleteCommit or TransactionState.CompleteAbort, $"transactional id {id} rests in {transaction.State}");
        foreach (var partition in partitions) Rule.Holds(!partition.HasOpenTransaction, $"partition {partition.Number} has a transaction open for ever");
        var seen = partitions.Select(static partition => partition.Read()).ToList();
        foreach (var producer in producers)
        {
            foreach (var (label, touched) in producer.Committed)
            {
                foreach (var number in touched) Rule.Holds(seen[number].Contains(label), $"{label} was committed, and partition {number} does not show it");
            }

            foreach (var label in producer.Aborted) Rule.Holds(!seen.Any(partition => partition.Contains(label)), $"{label} was aborted, and is shown");
            foreach (var (label, touched) in producer.Begun)
            {
                var shown = touched.Count(number => seen[number].Contains(label));
                Rule.Holds(shown == 0 || shown == touched.Count, $"{label} is shown in {shown} of {touched.Count} partitions");
            }
        }

        foreach (var partition in seen) Rule.Holds(partition.Distinct().Count() == partition.Count, "something is shown twice");
    }

    private static void Crashes(SimulatedTime time, SimulatedCoordinator coordinator, List<SimulatedPartition> partitions, long end) => time.After(time.Chance.Next(500, 8000), () =>
    {
        if (time.Now >= end) return;
        if (time.Chance.Next(2) == 0) coordinator.Crash();
        else partitions[time.Chance.Next(partitions.Count)].Crash();
        Crashes(time, coordinator, partitions, end);
    });

    private static void Readers(SimulatedTime time, List<SimulatedPartition> partitions, long end) => time.After(7, () =>
    {
        if (time.Now >= end) return;
        foreach (var partition in partitions) partition.Read();
        Readers(time, partitions, end);
    });
}
