namespace Moldau.Broker.Diagnostics;

/// <summary>One of Kafka's MBeans, and what to ask Prometheus in its place.</summary>
/// <param name="Name">The rest of it may be a <c>*</c>.</param>
/// <param name="Query">Null for the metric itself.</param>
internal sealed record MBean(string Name, string? Query = null)
{
    public static implicit operator MBean(string name) => new(name);
}
