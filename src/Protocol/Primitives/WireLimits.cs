namespace Moldau.Protocol.Primitives;

/// <summary>What a length on the wire may claim at most, before anything is allocated for it.</summary>
public static class WireLimits
{
    public const int MaxArrayElements = 1_000_000;

    public const int MaxTaggedFields = 10_000;

    /// <summary>Kafka holds compact strings to the range of the older two-byte length.</summary>
    public const int MaxStringBytes = short.MaxValue;
}
