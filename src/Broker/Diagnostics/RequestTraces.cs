using System.Diagnostics;
using System.Globalization;
using Moldau.Broker.Requests;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Diagnostics;

/// <summary>
/// A span for each request, made when its reply is written: whoever listens decides which of them it wants. Names and
/// attributes are OpenTelemetry's of messaging, where it has some.
/// </summary>
internal sealed class RequestTraces(TimeProvider clock) : IDisposable
{
    public const string SourceName = "Moldau.Broker";

    private readonly ActivitySource _source = new(SourceName);

    /// <summary>Whether anybody listens.</summary>
    public bool IsOn => _source.HasListeners();

    public void Dispose() => _source.Dispose();

    /// <param name="exchange">Whose response is whole.</param>
    /// <param name="completed">When it was.</param>
    /// <param name="now">When the reply was written.</param>
    public void Tell(Exchange exchange, long completed, long now)
    {
        var (operation, kind) = Operation(exchange.Api.Key);
        using var span = _source.CreateActivity(operation, ActivityKind.Server);
        if (span is null) return;
        var end = clock.GetUtcNow();
        var started = end - clock.GetElapsedTime(exchange.Arrived, now);
        var (topic, partition) = Destination(exchange.Request);
        span.SetStartTime(started.UtcDateTime);
        if (topic is not null) span.DisplayName = $"{operation} {topic}";
        span.SetTag("messaging.system", "kafka");
        span.SetTag("messaging.operation.name", operation);
        if (kind is not null) span.SetTag("messaging.operation.type", kind);
        if (topic is not null) span.SetTag("messaging.destination.name", topic);
        if (partition is not null) span.SetTag("messaging.destination.partition.id", partition);
        if (Group(exchange.Request) is { } group) span.SetTag("messaging.consumer.group.name", group);
        span.SetTag("messaging.client.id", exchange.ClientId);
        span.SetTag("network.peer.address", exchange.Connection.Address);
        span.SetTag("moldau.listener", exchange.Connection.Listener.Name);
        span.SetTag("moldau.api.version", (int)exchange.Version);
        span.SetTag("moldau.queue.time", Seconds(exchange.Arrived, exchange.Started));
        span.SetTag("moldau.local.time", Seconds(exchange.Started, exchange.StartEnded));
        span.SetTag("moldau.remote.time", Seconds(exchange.StartEnded, completed));
        if (ErrorOf(exchange.Response) is { } error)
        {
            span.SetTag("error.type", error);
            span.SetStatus(ActivityStatusCode.Error);
        }

        span.Start();
        span.SetEndTime(end.UtcDateTime);
    }

    private double Seconds(long from, long to) => Math.Max(0, clock.GetElapsedTime(from, to).TotalSeconds);

    /// <summary>What a client's own spans call it, and of which kind it is.</summary>
    private static (string Name, string? Kind) Operation(ApiKey key) => key switch
    {
        ApiKey.Produce => ("send", "send"),
        ApiKey.Fetch => ("poll", "receive"),
        ApiKey.OffsetCommit or ApiKey.TxnOffsetCommit => ("commit", "settle"),
        _ => (ApiTable.Get(key).Name, null),
    };

    /// <summary>Where a request is about one topic, or one partition; about several none can be named.</summary>
    private static (string? Topic, string? Partition) Destination(IMessage request)
    {
        switch (request)
        {
            case ProduceRequest { TopicData: { Count: 1 } topics }:
                return (Named(topics[0].Name), topics[0].PartitionData.Count == 1 ? Number(topics[0].PartitionData[0].Index) : null);
            case FetchRequest { Topics: { Count: 1 } topics }:
                return (Named(topics[0].Topic), topics[0].Partitions.Count == 1 ? Number(topics[0].Partitions[0].Partition) : null);
            default:
                return (null, null);
        }
    }

    private static string? Named(string name) => name.Length == 0 ? null : name;

    private static string Number(int partition) => partition.ToString(CultureInfo.InvariantCulture);

    private static string? Group(IMessage request) => request switch
    {
        OffsetCommitRequest commit => commit.GroupId,
        TxnOffsetCommitRequest commit => commit.GroupId,
        JoinGroupRequest join => join.GroupId,
        SyncGroupRequest sync => sync.GroupId,
        HeartbeatRequest beat => beat.GroupId,
        ConsumerGroupHeartbeatRequest beat => beat.GroupId,
        StreamsGroupHeartbeatRequest beat => beat.GroupId,
        _ => null,
    };

    /// <summary>The first that it tells, by its code's name.</summary>
    private static string? ErrorOf(IMessage response)
    {
        Span<long> counts = stackalloc long[ErrorTally.Length];
        counts.Clear();
        response.CountErrors(new ErrorTally(counts));
        var place = counts.IndexOfAnyExcept(0);
        return place < 0 ? null : ErrorTable.Get(ErrorTally.CodeAt(place)).Name;
    }
}
