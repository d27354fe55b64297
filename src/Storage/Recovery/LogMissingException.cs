namespace Moldau.Storage.Recovery;

/// <summary>A log that had records has no segment any more.</summary>
public sealed class LogMissingException(string folder, long recoveryPoint)
    : IOException($"{folder} holds no segment, but had records up to offset {recoveryPoint} at least: it is not made anew; bring its files back, or delete the topic")
{
    public string Folder { get; } = folder;
}
