namespace Moldau.Broker.Settings.Snapshots;

/// <summary>Where the keys are that tokens are signed with, and how often they are looked at.</summary>
internal sealed record KeySourceSettings(Uri Where, long RefreshMilliseconds, long BackoffMilliseconds, long MostBackoffMilliseconds)
{
    public static readonly string[] Schemes = ["https", "http", "file"];
}
