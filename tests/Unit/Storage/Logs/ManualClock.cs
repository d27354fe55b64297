namespace Moldau.Unit.Storage.Logs;

/// <summary>A clock that goes when it is told to.</summary>
internal sealed class ManualClock : TimeProvider
{
    public long Milliseconds { get; set; } = 1_700_000_000_000;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds);
}
