namespace Moldau.Storage.Facts;

/// <summary>What became of a transaction that was taken on.</summary>
public abstract record FactOutcome
{
    private FactOutcome()
    {
    }

    /// <summary>Applied and durable. One that changes nothing has the revision that was there.</summary>
    public sealed record Applied(long Revision) : FactOutcome;

    /// <summary>A condition did not hold as of the revision; the compared keys as they were, in the conditions' order.</summary>
    public sealed record Rejected(long Revision, IReadOnlyList<KeyValuePair<string, FactEntry?>> Current) : FactOutcome;

    /// <summary>It may be applied or not, and this store cannot tell any more.</summary>
    public sealed record Unknown(string Reason) : FactOutcome;
}
