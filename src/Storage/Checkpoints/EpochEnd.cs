namespace Moldau.Storage.Checkpoints;

/// <summary>An epoch and the offset behind its last record.</summary>
public readonly record struct EpochEnd(int Epoch, long Offset)
{
    /// <summary>What a log answers that does not know.</summary>
    public static readonly EpochEnd Unknown = new(-1, -1);
}
