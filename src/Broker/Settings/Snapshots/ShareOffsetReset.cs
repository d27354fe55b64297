namespace Moldau.Broker.Settings.Snapshots;

/// <summary>Where a share group begins in a partition it has read nothing of.</summary>
/// <param name="IsLatest">At the end.</param>
/// <param name="Ago">At the first record that is not older; null for the end or the start.</param>
public readonly record struct ShareOffsetReset(bool IsLatest, TimeSpan? Ago)
{
    internal static ShareOffsetReset Of(string text) =>
        ShareOffsetResets.TryParse(text, out var ago) ? new ShareOffsetReset(text == "latest", ago) : throw new ArgumentException($"'{text}' says nowhere to begin", nameof(text));
}
