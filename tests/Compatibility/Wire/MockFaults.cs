using Moldau.Protocol.Messages;

namespace Moldau.Compatibility.Wire;

/// <summary>
/// Where librdkafka's mock broker does not keep to the protocol, by what Kafka's own classes say of it. Its own clients
/// do not look there.
/// </summary>
internal static class MockFaults
{
    /// <summary>Bytes behind the end of a response about one partition.</summary>
    public static int SurplusBytes(string librdkafka, ApiKey key, short version) => key switch
    {
        // Flexible Metadata ends in two empty lists of tagged fields in place of one.
        ApiKey.Metadata when version >= 9 => 1,
        // The last field, a leader epoch of four bytes, is written in eight.
        ApiKey.ListOffsets when version >= 4 && librdkafka.StartsWith("2.0.", StringComparison.Ordinal) => 4,
        _ => 0,
    };

    /// <summary>The Produce response has no log start offset in version 5, where the field begins; it comes with version 6.</summary>
    public static bool IsUnreadable(ApiKey key, short version) => key == ApiKey.Produce && version == 5;
}
