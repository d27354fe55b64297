namespace Moldau.Storage.Producers;

/// <summary>
/// A ticket for one append: it was drawn before the coordinator was asked whether the producer's transaction is open. It
/// is no longer worth anything once a marker has ended that transaction, even if the coordinator's answer says otherwise
/// and is merely late.
/// </summary>
public readonly record struct VerificationGuard
{
    // One row for the whole process: a ticket drawn before a log was closed must not fit one drawn after it was opened again.
    private static long _last;

    private readonly long _number;

    private VerificationGuard(long number) => _number = number;

    /// <summary>No ticket: what an append carries that needed no verification.</summary>
    public static VerificationGuard None => default;

    public bool IsNone => _number == 0;

    internal static VerificationGuard Draw() => new(Interlocked.Increment(ref _last));
}
