namespace Moldau.Bench.Harness;

/// <summary>One side of a row: something that is done over and over.</summary>
/// <param name="Run">Does it so many times; the loop is inside, so that no call through a delegate is measured.</param>
/// <param name="Work">What doing it once comes to, in the row's unit of work: bytes, records, or 1.</param>
internal sealed record Subject(Action<int> Run, double Work = 1);
