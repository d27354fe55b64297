using Moldau.Compatibility.Kafka;
using Moldau.ProtocolGenerator.Definitions;
using Xunit;

namespace Moldau.Compatibility.Definitions;

/// <summary>Proves that the check can fail: one fault at a time is put into a right definition, and must be reported.</summary>
public class WrongDefinitionCheckTests
{
    private const string Right = """
        # Appends record batches to partitions.

        api 0 Produce
        versions 3-13
        flexible 9+
        advertised 0-13

        request
          TransactionalId string? 3+ ignorable = null
          Acks int16
          TimeoutMs int32
          TopicData [Topic]
            Name string -12 ignorable
            TopicId uuid 13+ ignorable
            PartitionData [Partition]
              Index int32
              Records records?

        response
          Responses [Topic]
            Name string -12 ignorable
            TopicId uuid 13+ ignorable
            PartitionResponses [Partition]
              Index int32
              ErrorCode error
              BaseOffset int64
              LogAppendTimeMs int64 2+ ignorable = -1
              LogStartOffset int64 5+ ignorable = -1
              RecordErrors [RecordError] 8+ ignorable
                BatchIndex int32
                BatchIndexErrorMessage string? = null
              ErrorMessage string? 8+ ignorable = null
              CurrentLeader Leader 10+ tag 0
                LeaderId int32 = -1
                LeaderEpoch int32 = -1
          ThrottleTimeMs int32 1+ ignorable
          NodeEndpoints [NodeEndpoint] 10+ tag 0
            NodeId int32
            Host string
            Port int32
            Rack string? = null
        """;

    [Fact]
    public async Task A_right_definition_has_no_differences() => Assert.Equal([], await Check(Right));

    [Theory]
    // A field's versions: one too early, one too late, gone, invented.
    [InlineData("LogStartOffset int64 5+", "LogStartOffset int64 4+", "Produce.def:28 ProduceResponse.Responses.PartitionResponses v4: ours has LogStartOffset, which Kafka has not here")]
    [InlineData("LogStartOffset int64 5+", "LogStartOffset int64 6+", "Produce.def:28 ProduceResponse.Responses.PartitionResponses v5: ours has no LogStartOffset here, Kafka has (int64)")]
    [InlineData("  Acks int16\n", "", "Produce.def:8 ProduceRequest v3-13: no Acks, which Kafka has as field 1 (int16)")]
    [InlineData("  Acks int16\n", "  Acks int16\n  Haste bool\n", "Produce.def:11 ProduceRequest v3-13: ours has Haste, which Kafka has not here")]
    [InlineData("Acks int16", "acks int16", "does not begin with a capital")]
    [InlineData("Acks int16", "Ack int16", "Produce.def:10 ProduceRequest v3-13: ours has Ack, which Kafka has not here")]
    // Order and type.
    [InlineData("  Acks int16\n  TimeoutMs int32\n", "  TimeoutMs int32\n  Acks int16\n", "Produce.def:10 ProduceRequest v3-13: field 1: ours TimeoutMs, Kafka's Acks")]
    [InlineData("Acks int16", "Acks int32", "Produce.def:10 ProduceRequest.Acks v3-13: ours is int32, Kafka's int16")]
    [InlineData("ThrottleTimeMs int32", "ThrottleTimeMs [int32]", "ProduceResponse.ThrottleTimeMs v3-13: ours is [int32], Kafka's int32")]
    [InlineData("ErrorCode error", "ErrorCode int16", "ProduceResponse.Responses.PartitionResponses.ErrorCode v3-13: an error code, which is of type 'error'")]
    // Tags.
    [InlineData("NodeEndpoints [NodeEndpoint] 10+ tag 0", "NodeEndpoints [NodeEndpoint] 10+ tag 1", "ProduceResponse.NodeEndpoints v10-13: ours has tag 1, Kafka's tag 0")]
    [InlineData("NodeEndpoints [NodeEndpoint] 10+ tag 0", "NodeEndpoints [NodeEndpoint] 10+", "ProduceResponse.NodeEndpoints v10-13: ours has no tag, Kafka's tag 0")]
    // Null and defaults.
    [InlineData("Records records?", "Records records", "ProduceRequest.TopicData.PartitionData.Records v3-13: ours is not nullable, Kafka's is")]
    [InlineData("Host string", "Host string?", "ProduceResponse.NodeEndpoints.Host v10-13: ours is nullable, Kafka's is not")]
    [InlineData("ErrorMessage string? 8+", "ErrorMessage string 8+ nullable 9+", "ErrorMessage v8: ours is not nullable, Kafka's is")]
    [InlineData("LeaderEpoch int32 = -1", "LeaderEpoch int32", "CurrentLeader.LeaderEpoch v10-13: ours defaults to 0, Kafka's to -1")]
    [InlineData("Rack string? = null", "Rack string?", "ProduceResponse.NodeEndpoints.Rack v10-13: ours defaults to the empty text, Kafka's to null")]
    // Dropped or refused.
    [InlineData("LogStartOffset int64 5+ ignorable", "LogStartOffset int64 5+", "v3-4: ours refuses LogStartOffset, Kafka drops it silently (ignorable)")]
    [InlineData("CurrentLeader Leader 10+ tag 0", "CurrentLeader Leader 10+ tag 0 ignorable", "v3-9: ours drops CurrentLeader silently (ignorable), Kafka refuses it")]
    // Length forms and the heading.
    [InlineData("Host string", "Host string plain", "ProduceResponse.NodeEndpoints.Host v10-13: ours has the plain length form, Kafka's the compact")]
    [InlineData("flexible 9+", "flexible 10+", "ProduceRequest v9: ours is not flexible, Kafka's is")]
    [InlineData("versions 3-13", "versions 4-13", "ProduceRequest: ours has versions 4-13, Kafka's 3-13")]
    [InlineData("advertised 0-13\n", "", "ProduceRequest: ours advertises 3-13, Kafka 0-13")]
    [InlineData("api 0 Produce", "api 1 Produce", "ProduceRequest: our number is 1, Kafka's 0")]
    [InlineData("api 0 Produce", "api 0 Product", "ProductRequest: Kafka has no such message among those we define")]
    public async Task A_fault_is_reported(string right, string wrong, string expected)
    {
        Assert.Contains(right, Right, StringComparison.Ordinal);

        var reported = await Check(Right.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Contains(reported, line => line.Contains(expected, StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<string>> Check(string definition)
    {
        KafkaJars.Require();
        var file = DefinitionParser.Parse("Produce.def", definition, out var faults);
        if (faults.Count > 0) return [.. faults.Select(fault => fault.ToString())];

        var differences = new Differences();
        DefinitionComparison.Compare(file, await KafkaFacts.Get(), differences);
        return differences.Lines;
    }
}
