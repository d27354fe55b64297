using Moldau.Protocol.Compression;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Telemetry.Pushing;

/// <summary>What a broker asks a client to push (KIP-714).</summary>
/// <param name="InstanceId">The client's, as the broker made it.</param>
/// <param name="Id">Of this set of metrics; pushes name it.</param>
/// <param name="Interval">Milliseconds between pushes.</param>
/// <param name="Codecs">What the broker takes, in the order it likes them.</param>
/// <param name="IsDelta">Whether sums count since the last push, rather than since the beginning.</param>
/// <param name="Prefixes">What the names of metrics begin with that are wanted.</param>
internal sealed record TelemetrySubscription(Uuid InstanceId, int Id, int Interval, IReadOnlyList<CompressionType> Codecs, bool IsDelta, IReadOnlyList<string> Prefixes)
{
    public const int DefaultInterval = 5 * 60 * 1000;

    private const string Everything = "*";

    public static TelemetrySubscription Of(GetTelemetrySubscriptionsResponse answer)
    {
        var codecs = new List<CompressionType>();
        foreach (var codec in answer.AcceptedCompressionTypes)
        {
            if (codec is >= (sbyte)CompressionType.None and <= (sbyte)CompressionType.Zstd) codecs.Add((CompressionType)codec);
        }

        return new TelemetrySubscription(
            answer.ClientInstanceId, answer.SubscriptionId, answer.PushIntervalMs > 0 ? answer.PushIntervalMs : DefaultInterval, codecs, answer.DeltaTemporality, [.. answer.RequestedMetrics]);
    }

    public bool Wants(string name)
    {
        foreach (var prefix in Prefixes)
        {
            if (prefix == Everything || name.StartsWith(prefix, StringComparison.Ordinal)) return true;
        }

        return false;
    }
}
