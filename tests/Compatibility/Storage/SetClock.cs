namespace Moldau.Compatibility.Storage;

/// <summary>A clock that says what it was set to.</summary>
internal sealed class SetClock(long milliseconds) : TimeProvider
{
    public long Milliseconds { get; set; } = milliseconds;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds);
}
