namespace Moldau.Broker.Diagnostics;

/// <summary>Units as the names of metrics end in them; OpenTelemetry has symbols of its own.</summary>
internal static class MetricUnit
{
    public const string None = "";
    public const string Seconds = "seconds";
    public const string Bytes = "bytes";
    public const string Ratio = "ratio";

    public static string? Exported(string unit) => unit switch
    {
        Seconds => "s",
        Bytes => "By",
        Ratio => "1",
        _ => null,
    };
}
