namespace Moldau.Storage.Producers;

/// <summary>A batch that a producer may send again.</summary>
public readonly record struct RecentBatch(int LastSequence, long LastOffset, int OffsetDelta, long Timestamp)
{
    /// <summary>Sequences wrap to 0 behind the largest.</summary>
    public int BaseSequence => LastSequence < OffsetDelta ? int.MaxValue - (OffsetDelta - LastSequence) + 1 : LastSequence - OffsetDelta;

    public long BaseOffset => LastOffset - OffsetDelta;
}
