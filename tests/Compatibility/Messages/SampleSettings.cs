using System.Globalization;

namespace Moldau.Compatibility.Messages;

/// <summary>How much random content is compared, and which: MOLDAU_SAMPLES and MOLDAU_SEED change it for a run.</summary>
internal static class SampleSettings
{
    public static int Seed { get; } = Number("MOLDAU_SEED", 1);

    public static int SamplesPerVersion { get; } = Number("MOLDAU_SAMPLES", 40);

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
