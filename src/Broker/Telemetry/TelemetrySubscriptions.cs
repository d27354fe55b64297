using System.Text;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Protocol.Checksums;

namespace Moldau.Broker.Telemetry;

/// <summary>Which metrics of which clients are wanted, as of one image. Never changed.</summary>
internal sealed class TelemetrySubscriptions
{
    public const int DefaultInterval = 5 * 60 * 1000;

    private const string Everything = "*";

    private readonly List<ClientMetricsSettings> _all = [];

    public TelemetrySubscriptions(MetadataImage image)
    {
        foreach (var (resource, stored) in image.Configs)
        {
            if (resource.Scope == ConfigScope.ClientMetrics) _all.Add(ClientMetricsSettings.Of(stored.Record.Values));
        }
    }

    public static TelemetrySubscriptions None { get; } = new(MetadataImage.Empty);

    /// <summary>What one client is to push: of all subscriptions that mean it, the metrics together and the shortest interval.</summary>
    public TelemetryPlan For(TelemetryIdentity client)
    {
        var metrics = new SortedSet<string>(StringComparer.Ordinal);
        var interval = DefaultInterval;
        var isMeant = false;
        foreach (var subscription in _all)
        {
            if (!subscription.Matches.All(match => match.Pattern.IsMatch(client.Find(match.Name)))) continue;
            metrics.UnionWith(subscription.Metrics);
            interval = isMeant ? Math.Min(interval, subscription.PushInterval) : subscription.PushInterval;
            isMeant = true;
        }

        // All of them are asked for by one empty beginning.
        string[] asked = metrics.Contains(Everything) ? [""] : [.. metrics];
        var text = $"{string.Join(',', asked)}|{asked.Length}|{interval}|{client.InstanceId}";
        return new TelemetryPlan((int)Crc32C.Compute(Encoding.UTF8.GetBytes(text)), interval, asked);
    }
}
