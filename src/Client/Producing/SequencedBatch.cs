namespace Moldau.Client.Producing;

/// <summary>What is remembered of a batch while it is on its way.</summary>
internal class SequencedBatch
{
    /// <summary>Its records; it takes no more once it was sent.</summary>
    public virtual int Count => 0;

    /// <summary>The number of its first record in what its producer writes to the partition; -1 before it is sent.</summary>
    public int Sequence { get; set; } = -1;

    /// <summary>Its place among all that was ever sent to the partition.</summary>
    public long Place { get; set; }

    public bool IsUnderWay { get; set; }

    /// <summary>Whether an attempt may have been written though nobody said so.</summary>
    public bool IsDoubtful { get; set; }

    /// <summary>Whether everything before it was confirmed when it was sent last.</summary>
    public bool WasLowest { get; set; }

    public int Attempts { get; set; }

    /// <summary>The clock's timestamp before which it is not sent again.</summary>
    public long NotBefore { get; set; }

    /// <summary>Ready to be another.</summary>
    protected void Forget()
    {
        (Sequence, Place, Attempts, NotBefore) = (-1, 0, 0, 0);
        (IsUnderWay, IsDoubtful, WasLowest) = (false, false, false);
    }
}
