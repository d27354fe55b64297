using System.Buffers.Binary;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Bench.Limit;

/// <summary>
/// What whole clients ask beside their records, answered so that they come to the <see cref="BareBroker"/>'s versions and believe
/// that everything went well.
/// </summary>
internal static class BareHandshake
{
    public const short ProduceVersion = 8;
    public const short FetchVersion = 11;

    private const short FirstWithKeys = 4;
    private const int Node = 1;
    private const string Host = "127.0.0.1";
    private const int Partitions = 6;
    private const long Earliest = -2;
    private const long Latest = -1;

    /// <summary>Older clients conclude from low versions what a broker can do, so these are named without being served.</summary>
    private static readonly (ApiKey Key, short Lowest, short Highest)[] Versions =
    [
        (ApiKey.Produce, 0, ProduceVersion), (ApiKey.Fetch, 0, FetchVersion), (ApiKey.ListOffsets, 1, 8), (ApiKey.Metadata, 0, 9), (ApiKey.FindCoordinator, 0, 4),
        (ApiKey.ApiVersions, 0, 3), (ApiKey.InitProducerId, 0, 4), (ApiKey.AddPartitionsToTxn, 0, 3), (ApiKey.EndTxn, 0, 3),
    ];

    public static bool Knows(short api) => api is not ((short)ApiKey.Produce or (short)ApiKey.Fetch);

    /// <returns>The answer behind its correlation id.</returns>
    public static byte[] Answer(ReadOnlySpan<byte> frame, int port)
    {
        var api = ApiTable.Get((ApiKey)BinaryPrimitives.ReadInt16BigEndian(frame[sizeof(int)..]));
        var version = BinaryPrimitives.ReadInt16BigEndian(frame[(sizeof(int) + sizeof(short))..]);
        if (api.Key == ApiKey.ApiVersions) return Table(version);
        ReadOnlyMemory<byte> bytes = frame[sizeof(int)..].ToArray();
        var reader = new WireReader(bytes);
        new RequestHeader().Read(ref reader, api.RequestHeaderVersion(version));
        var request = api.NewRequest();
        MessageBytes.ReadInto(request, bytes[reader.Position..], version);
        IMessage answer = request switch
        {
            MetadataRequest metadata => Cluster(metadata, port),
            InitProducerIdRequest => new InitProducerIdResponse { ProducerId = 1 },
            FindCoordinatorRequest find => Coordinator(find, version, port),
            ListOffsetsRequest offsets => Offsets(offsets),
            AddPartitionsToTxnRequest added => Added(added),
            EndTxnRequest => new EndTxnResponse(),
            _ => throw new InvalidOperationException($"the bare broker does not serve {api.Name}, and its table of versions says so"),
        };
        var body = MessageBytes.Write(answer, version);
        // The tagged fields of a flexible answer's header: none.
        return api.ResponseHeaderVersion(version) == 0 ? body : [0, .. body];
    }

    private static byte[] Table(short version)
    {
        var isKnown = version <= 3;
        var table = new ApiVersionsResponse { ErrorCode = isKnown ? ErrorCode.None : ErrorCode.UnsupportedVersion };
        foreach (var (key, lowest, highest) in Versions) table.ApiKeys.Add(new ApiVersionsResponse.Api { ApiKey = (short)key, MinVersion = lowest, MaxVersion = highest });
        return MessageBytes.Write(table, isKnown ? version : (short)0);
    }

    private static MetadataResponse Cluster(MetadataRequest request, int port)
    {
        var response = new MetadataResponse { ClusterId = "bare", ControllerId = Node, Brokers = [new MetadataResponse.Broker { NodeId = Node, Host = Host, Port = port }] };
        foreach (var asked in request.Topics ?? [])
        {
            var topic = new MetadataResponse.Topic { Name = asked.Name };
            for (var i = 0; i < Partitions; i++) topic.Partitions.Add(new MetadataResponse.Partition { PartitionIndex = i, LeaderId = Node, LeaderEpoch = 0, ReplicaNodes = [Node], IsrNodes = [Node] });
            response.Topics.Add(topic);
        }

        return response;
    }

    private static FindCoordinatorResponse Coordinator(FindCoordinatorRequest request, short version, int port)
    {
        if (version < FirstWithKeys) return new FindCoordinatorResponse { NodeId = Node, Host = Host, Port = port };
        var response = new FindCoordinatorResponse();
        foreach (var key in request.CoordinatorKeys) response.Coordinators.Add(new FindCoordinatorResponse.Coordinator { Key = key, NodeId = Node, Host = Host, Port = port });
        return response;
    }

    private static ListOffsetsResponse Offsets(ListOffsetsRequest request)
    {
        var response = new ListOffsetsResponse();
        foreach (var asked in request.Topics)
        {
            var topic = new ListOffsetsResponse.Topic { Name = asked.Name };
            foreach (var partition in asked.Partitions)
            {
                var offset = partition.Timestamp switch { Earliest => 0, Latest => EndlessLog.End, _ => -1 };
                topic.Partitions.Add(new ListOffsetsResponse.Partition { PartitionIndex = partition.PartitionIndex, Offset = offset, LeaderEpoch = 0 });
            }

            response.Topics.Add(topic);
        }

        return response;
    }

    private static AddPartitionsToTxnResponse Added(AddPartitionsToTxnRequest request)
    {
        var response = new AddPartitionsToTxnResponse();
        foreach (var asked in request.V3AndBelowTopics)
        {
            var topic = new AddPartitionsToTxnResponse.Topic { Name = asked.Name };
            foreach (var partition in asked.Partitions) topic.ResultsByPartition.Add(new AddPartitionsToTxnResponse.Partition { PartitionIndex = partition });
            response.ResultsByTopicV3AndBelow.Add(topic);
        }

        return response;
    }
}
