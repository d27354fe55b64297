namespace Moldau.Broker.Diagnostics;

/// <summary>What tells a metric's series apart.</summary>
/// <param name="Name">On the page of metrics.</param>
/// <param name="Exported">OpenTelemetry's name for it, where it has one.</param>
internal sealed record MetricLabel(string Name, string Exported)
{
    public static readonly MetricLabel Api = new("api", "messaging.operation.name");
    public static readonly MetricLabel Error = new("error", "error.type");
    public static readonly MetricLabel Topic = new("topic", "messaging.destination.name");
    public static readonly MetricLabel Partition = new("partition", "messaging.destination.partition.id");
    public static readonly MetricLabel Group = new("group", "messaging.consumer.group.name");
    public static readonly MetricLabel ClientId = new("client_id", "messaging.client.id");
    public static readonly MetricLabel Listener = Own("listener");
    public static readonly MetricLabel Folder = Own("folder");
    public static readonly MetricLabel State = Own("state");
    public static readonly MetricLabel Kind = Own("kind");

    public static MetricLabel Own(string name) => new(name, "moldau." + name);
}
