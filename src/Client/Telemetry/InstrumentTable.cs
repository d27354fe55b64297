namespace Moldau.Client.Telemetry;

/// <summary>Every instrument of a client.</summary>
internal static class InstrumentTable
{
    private const string Seconds = "s";
    private const string Bytes = "By";
    private const string Messages = "{message}";

    public static readonly InstrumentDeclaration OperationDuration = new(
        "messaging.client.operation.duration", InstrumentKind.Histogram, Seconds,
        "How long an operation took: `send` a batch, from its first record to its confirmation; `poll`, from asking for records to getting a batch; `commit`.",
        TelemetryTag.OperationName, TelemetryTag.OperationType, TelemetryTag.System, TelemetryTag.ClientId, TelemetryTag.Topic, TelemetryTag.Group, TelemetryTag.ErrorType);

    public static readonly InstrumentDeclaration ProcessDuration = new(
        "messaging.process.duration", InstrumentKind.Histogram, Seconds, "How long a handler took for a record, each attempt by itself.",
        TelemetryTag.OperationName, TelemetryTag.OperationType, TelemetryTag.System, TelemetryTag.ClientId, TelemetryTag.Topic, TelemetryTag.Group, TelemetryTag.ErrorType);

    public static readonly InstrumentDeclaration RequestDuration = new(
        "moldau.client.request.duration", InstrumentKind.Histogram, Seconds, "From a request's place in its connection's line to its answer; a fetch waits for records in it.",
        TelemetryTag.Api, TelemetryTag.ClientId, TelemetryTag.ServerAddress, TelemetryTag.ServerPort);

    public static readonly InstrumentDeclaration ThrottleDuration = new(
        "moldau.client.throttle.duration", InstrumentKind.Histogram, Seconds, "How long a broker held an answer back for a quota, where it did.",
        TelemetryTag.Api, TelemetryTag.ClientId);

    public static readonly InstrumentDeclaration BatchSize = new(
        "moldau.client.producer.batch.size", InstrumentKind.Histogram, Bytes, "Bytes of a batch when it was first sent, before compression.", TelemetryTag.ClientId, TelemetryTag.Topic);

    public static readonly InstrumentDeclaration QueueDuration = new(
        "moldau.client.producer.queue.duration", InstrumentKind.Histogram, Seconds, "How long a batch waited, from its first record until it was first sent.", TelemetryTag.ClientId, TelemetryTag.Topic);

    public static readonly InstrumentDeclaration RebalanceDuration = new(
        "moldau.client.consumer.rebalance.duration", InstrumentKind.Histogram, Seconds, "How long a member took from the first sign of another assignment until it had it.", TelemetryTag.ClientId, TelemetryTag.Group);

    public static IReadOnlyList<InstrumentDeclaration> All { get; } =
    [
        new(
            "messaging.client.sent.messages", InstrumentKind.Counter, Messages, "Records that were sent: confirmed, or lost with an error.",
            TelemetryTag.OperationName, TelemetryTag.System, TelemetryTag.ClientId, TelemetryTag.Topic, TelemetryTag.ErrorType)
        {
            Collect = static (client, to) => client.Producing.CollectSent((topic, error, count) => to.Add(count, Operation.Send.Name, TelemetryTag.Kafka, client.ClientId, topic, error)),
        },
        new(
            "messaging.client.consumed.messages", InstrumentKind.Counter, Messages, "Records that were given out.",
            TelemetryTag.OperationName, TelemetryTag.System, TelemetryTag.ClientId, TelemetryTag.Topic, TelemetryTag.Group)
        {
            Collect = static (client, to) => client.Consuming.CollectGiven((topic, group, count) => to.Add(count, Operation.Poll.Name, TelemetryTag.Kafka, client.ClientId, topic, group)),
        },
        OperationDuration,
        ProcessDuration,
        new(
            "moldau.client.consumer.lag", InstrumentKind.Gauge, Messages,
            "Offsets between what is given out next and the end of the partition as the last answer told it: the last stable offset where transactions are waited for, else the high watermark.",
            TelemetryTag.ClientId, TelemetryTag.Group, TelemetryTag.Topic, TelemetryTag.Partition)
        {
            Collect = static (client, to) => client.Consuming.CollectLag((group, where, lag) => to.Add(lag, client.ClientId, group, where.Topic, ClientSpans.Number(where.Partition))),
        },
        new("moldau.client.consumer.partitions", InstrumentKind.UpDownCounter, "{partition}", "Partitions that are assigned.", TelemetryTag.ClientId, TelemetryTag.Group)
        {
            Collect = static (client, to) => client.Consuming.CollectAssigned((group, count) => to.Add(count, client.ClientId, group)),
        },
        new("moldau.client.consumer.rebalances", InstrumentKind.Counter, "{rebalance}", "Changes of what members were assigned.", TelemetryTag.ClientId)
        {
            Collect = static (client, to) => to.Add(client.Consuming.Rebalances.Count, client.ClientId),
        },
        RebalanceDuration,
        new("moldau.client.producer.buffer", InstrumentKind.UpDownCounter, Bytes, "Bytes of records that wait or are under way.", TelemetryTag.ClientId)
        {
            Collect = static (client, to) => to.Add(client.Producing.BufferBytes, client.ClientId),
        },
        new("moldau.client.producer.retries", InstrumentKind.Counter, "{batch}", "Batches that were sent again.", TelemetryTag.ClientId)
        {
            Collect = static (client, to) => to.Add(client.Producing.Retries, client.ClientId),
        },
        BatchSize,
        QueueDuration,
        OfConnections("moldau.client.connections", InstrumentKind.UpDownCounter, "{connection}", "Connections that are open.", static node => node.Open),
        OfConnections("moldau.client.connections.opened", InstrumentKind.Counter, "{connection}", "Connections that were opened.", static node => node.Opened),
        OfConnections("moldau.client.requests.active", InstrumentKind.UpDownCounter, "{request}", "Requests that wait for their answer.", static node => node.Active),
        RequestDuration,
        ThrottleDuration,
        OfConnections("moldau.client.sent", InstrumentKind.Counter, Bytes, "Bytes of requests.", static node => node.BytesOut),
        OfConnections("moldau.client.received", InstrumentKind.Counter, Bytes, "Bytes of answers.", static node => node.BytesIn),
    ];

    private static InstrumentDeclaration OfConnections(string name, InstrumentKind kind, string unit, string help, Func<NodeFigures, long> read) =>
        new(name, kind, unit, help, TelemetryTag.ClientId, TelemetryTag.ServerAddress, TelemetryTag.ServerPort)
        {
            Collect = (client, to) =>
            {
                foreach (var node in client.Nodes()) to.Add(read(node), client.ClientId, node.Address.Host, ClientSpans.Number(node.Address.Port));
            },
        };
}
