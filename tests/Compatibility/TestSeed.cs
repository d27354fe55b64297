using System.Globalization;

namespace Moldau.Compatibility;

/// <summary>The seed of this run: MOLDAU_SEED, or a new one. Every test that draws from it prints it.</summary>
internal static class TestSeed
{
    private const string Variable = "MOLDAU_SEED";

    public static int Value { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
        ? int.Parse(given, CultureInfo.InvariantCulture)
        : Random.Shared.Next();

    /// <summary>As a failing test's message and a passing one's output say it.</summary>
    public static string Text { get; } = $"{Variable}={Value}";

    /// <summary>Tests draw different numbers, and the same ones whichever other tests run.</summary>
    public static Random For(string purpose)
    {
        var hash = (uint)Value * 2654435761u;
        foreach (var character in purpose) hash = (hash ^ character) * 16777619u;
        return new Random((int)hash);
    }
}
