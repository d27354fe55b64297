namespace Moldau.Unit.Broker.Security.Sasl.OAuth;

/// <summary>A clock that stands until it is set.</summary>
internal sealed class SetClock : TimeProvider
{
    public const long Start = 1_700_000_000;

    private double _seconds = Start;

    public override long TimestampFrequency => 1000;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds((long)(_seconds * 1000));

    public override long GetTimestamp() => (long)(_seconds * 1000);

    public void Pass(double seconds) => _seconds += seconds;
}
