using System.Buffers.Binary;
using Moldau.Protocol.Messages;

namespace Moldau.Bench.Limit;

/// <summary>What a whole client asks before its first record: just enough for it to come to the <see cref="BareBroker"/>'s versions.</summary>
internal static class BareHandshake
{
    private const int Partitions = 6;

    private static readonly (ApiKey Key, short Lowest, short Highest)[] Versions =
        [(ApiKey.ApiVersions, 0, 3), (ApiKey.Metadata, 8, 8), (ApiKey.InitProducerId, 1, 1), (ApiKey.Produce, 8, 8), (ApiKey.Fetch, 11, 11)];

    public static bool Knows(short api) => api is (short)ApiKey.ApiVersions or (short)ApiKey.Metadata or (short)ApiKey.InitProducerId;

    /// <returns>The answer behind its correlation id.</returns>
    public static byte[] Answer(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> body, int port)
    {
        var api = (ApiKey)BinaryPrimitives.ReadInt16BigEndian(frame[sizeof(int)..]);
        var version = BinaryPrimitives.ReadInt16BigEndian(frame[(sizeof(int) + sizeof(short))..]);
        return api switch
        {
            ApiKey.ApiVersions => version > 3 ? MessageBytes.Write(new ApiVersionsResponse { ErrorCode = Moldau.Protocol.Errors.ErrorCode.UnsupportedVersion }, 0) : MessageBytes.Write(Table(), version),
            ApiKey.Metadata => MessageBytes.Write(Cluster(MessageBytes.Read<MetadataRequest>(body.ToArray(), version), port), version),
            _ => MessageBytes.Write(new InitProducerIdResponse { ProducerId = 1 }, version),
        };
    }

    private static ApiVersionsResponse Table()
    {
        var table = new ApiVersionsResponse();
        foreach (var (key, lowest, highest) in Versions) table.ApiKeys.Add(new ApiVersionsResponse.Api { ApiKey = (short)key, MinVersion = lowest, MaxVersion = highest });
        return table;
    }

    private static MetadataResponse Cluster(MetadataRequest request, int port)
    {
        var response = new MetadataResponse { ControllerId = 1, Brokers = [new MetadataResponse.Broker { NodeId = 1, Host = "127.0.0.1", Port = port }] };
        foreach (var asked in request.Topics!)
        {
            var topic = new MetadataResponse.Topic { Name = asked.Name };
            for (var i = 0; i < Partitions; i++) topic.Partitions.Add(new MetadataResponse.Partition { PartitionIndex = i, LeaderId = 1, ReplicaNodes = [1], IsrNodes = [1] });
            response.Topics.Add(topic);
        }

        return response;
    }
}
