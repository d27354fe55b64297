namespace Moldau.Bench.Harness;

/// <summary>One side of a row: something that is done over and over.</summary>
/// <param name="Run">Does it so many times; the loop is inside, so that no call through a delegate is measured.</param>
/// <param name="Work">What doing it once comes to, in the row's unit of work: bytes, records, or 1.</param>
internal sealed record Subject(Action<int> Run, double Work = 1)
{
    /// <summary>Done before each sample and not measured: a file is emptied that the last one has filled.</summary>
    public Action? Prepare { get; init; }

    /// <summary>
    /// Where a mean would say the wrong thing the side keeps its own time: nanoseconds for each time of the last run.
    /// </summary>
    public Func<double>? Reported { get; init; }
}
