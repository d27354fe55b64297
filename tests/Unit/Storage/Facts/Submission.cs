using Moldau.Storage.Facts;

namespace Moldau.Unit.Storage.Facts;

/// <summary>A transaction on its way, and whether its end was told before the power went.</summary>
internal sealed record Submission(FactTransaction Transaction, Task<FactOutcome> Task)
{
    public bool IsTold { get; set; } = true;
}
