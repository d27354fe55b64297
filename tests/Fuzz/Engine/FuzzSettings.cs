using System.Globalization;

namespace Moldau.Fuzz.Engine;

/// <summary>What the run is given from outside.</summary>
/// <param name="Seed">MOLDAU_SEED, or a new one each run.</param>
/// <param name="Seconds">MOLDAU_FUZZ_SECONDS: the time for all targets together.</param>
/// <param name="PrintsEveryTarget">A long run prints a line for each target, not only for each kind.</param>
internal sealed record FuzzSettings(int Seed, double Seconds, bool PrintsEveryTarget)
{
    private const double DefaultSeconds = 60;
    private const double LongSeconds = 3600;

    public static FuzzSettings Current { get; } = FromEnvironment();

    /// <summary>Targets draw different numbers, and the same ones whichever other targets there are.</summary>
    public int SeedFor(string target)
    {
        var hash = (uint)Seed * 2654435761u;
        foreach (var character in target) hash = (hash ^ character) * 16777619u;
        return (int)hash;
    }

    private static FuzzSettings FromEnvironment()
    {
        var isLong = Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1";
        var seed = Environment.GetEnvironmentVariable("MOLDAU_SEED") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        var seconds = Environment.GetEnvironmentVariable("MOLDAU_FUZZ_SECONDS") is { Length: > 0 } time
            ? double.Parse(time, CultureInfo.InvariantCulture)
            : isLong ? LongSeconds : DefaultSeconds;
        return new FuzzSettings(seed, seconds, isLong);
    }
}
