namespace Moldau.Storage.Recovery;

/// <summary>A log that had a segment has none any more.</summary>
public sealed class LogMissingException(string folder, long recoveryPoint)
    : IOException($"{folder} holds no segment, but had {(recoveryPoint > 0 ? $"records up to offset {recoveryPoint} at least" : "one")}: it is not made anew; bring its files back, or delete the topic")
{
    public string Folder { get; } = folder;
}
