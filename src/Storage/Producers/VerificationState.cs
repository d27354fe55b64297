namespace Moldau.Storage.Producers;

/// <summary>A producer whose transaction is being verified with its coordinator, until its first batch is appended.</summary>
internal sealed class VerificationState(long timestamp, int sequence, short epoch, bool startsAtZero)
{
    public VerificationGuard Guard { get; } = VerificationGuard.Draw();

    public long Timestamp { get; } = timestamp;

    /// <summary>The second protocol of transactions: each has an epoch of its own, and its sequences start at 0.</summary>
    public bool StartsAtZero { get; } = startsAtZero;

    /// <summary>The lowest sequence of the epoch that was seen; higher ones must wait for it.</summary>
    public int LowestSequence { get; private set; } = sequence;

    public short Epoch { get; private set; } = epoch;

    public void See(int sequence, short epoch)
    {
        if (epoch < Epoch || (epoch == Epoch && sequence >= LowestSequence)) return;
        (Epoch, LowestSequence) = (epoch, sequence);
    }
}
