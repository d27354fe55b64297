namespace Moldau.Storage.Logs;

/// <summary>The topic setting <c>moldau.durability</c>: when an append counts as durable.</summary>
public enum LogDurability
{
    /// <summary>When it is on disk.</summary>
    Fsync,

    /// <summary>When the system's page cache has it, as with Kafka; a power failure may lose it.</summary>
    PageCache,
}
