namespace Moldau.Bench.Harness;

/// <summary>What a row counts in: time for a piece of work, where less is better, or work in a time, where more is.</summary>
internal sealed record Unit(string Name, bool IsTime, double Scale)
{
    public static Unit NanosecondsPerOperation { get; } = new("ns/op", IsTime: true, 1);

    public static Unit NanosecondsPerRecord { get; } = new("ns/record", IsTime: true, 1);

    public static Unit MicrosecondsPerOperation { get; } = new("us/op", IsTime: true, 1e3);

    public static Unit MillisecondsPerOperation { get; } = new("ms/op", IsTime: true, 1e6);

    /// <summary>How far from what it should be.</summary>
    public static Unit PercentOff { get; } = new("% off", IsTime: true, 1);

    public static Unit ThousandsPerSecond { get; } = new("k/s", IsTime: false, 1e6);

    public static Unit MegabytesPerSecond { get; } = new("MB/s", IsTime: false, 1e3);

    public static Unit GigabytesPerSecond { get; } = new("GB/s", IsTime: false, 1);

    /// <summary>From nanoseconds a piece of work. Bytes in a nanosecond are gigabytes in a second.</summary>
    public double Of(double nanosecondsPerWork) => IsTime ? nanosecondsPerWork / Scale : Scale / nanosecondsPerWork;
}
