using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;

namespace Moldau.Bench.Load;

/// <summary>
/// The least a broker can do for who reads: one thread for each connection, which answers every fetch with the same batches under
/// the next offsets. What is measured against it is the reader.
/// </summary>
internal sealed class PreparedBroker : IDisposable
{
    public const string Topic = "prepared";
    private const short HighestFetch = 12;
    private const int AnswerBytes = 1 << 20;
    private const int BatchBytes = 16 << 10;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _batches;
    private readonly int _batchSize;

    public PreparedBroker(int recordBytes)
    {
        using var builder = Build(recordBytes);
        BatchRecords = builder.RecordCount;
        var batch = builder.Finish(new BatchOptions());
        _batchSize = batch.Length;
        Batches = AnswerBytes / _batchSize;
        _batches = new byte[Batches * _batchSize];
        for (var i = 0; i < Batches; i++) batch.Span.CopyTo(_batches.AsSpan(i * _batchSize));
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public int Batches { get; }

    public int BatchRecords { get; }

    public int AnswerRecords => Batches * BatchRecords;

    /// <summary>How many records of that size an answer holds.</summary>
    public static int RecordsFor(int recordBytes)
    {
        using var builder = Build(recordBytes);
        return AnswerBytes / builder.Finish(new BatchOptions()).Length * builder.RecordCount;
    }

    public void Dispose() => _listener.Dispose();

    private static RecordBatchBuilder Build(int recordBytes)
    {
        var builder = new RecordBatchBuilder(initialCapacity: 2 * BatchBytes);
        var value = SampleValues.Random(recordBytes);
        do builder.Append(1_700_000_000_000, OptionalBytes.Null, value);
        while (builder.UncompressedSize + recordBytes < BatchBytes);
        return builder;
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.Accept();
                socket.NoDelay = true;
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
    }

    private void Serve(Socket socket)
    {
        using var own = socket;
        using var stream = new NetworkStream(socket);
        var batches = (byte[])_batches.Clone();
        var prefix = new byte[sizeof(int)];
        var room = new byte[2 * AnswerBytes];
        try
        {
            while (true)
            {
                stream.ReadExactly(prefix);
                var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
                stream.ReadExactly(frame);
                Answer(stream, frame, batches, room);
            }
        }
        catch (IOException)
        {
            // The client is done.
        }
    }

    private void Answer(NetworkStream stream, byte[] frame, byte[] batches, byte[] room)
    {
        var api = ApiTable.Get((ApiKey)BinaryPrimitives.ReadInt16BigEndian(frame));
        var version = BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(sizeof(short)));
        var reader = new Moldau.Protocol.Primitives.WireReader(frame);
        var header = new RequestHeader();
        header.Read(ref reader, api.RequestHeaderVersion(version));
        var request = api.NewRequest();
        MessageBytes.ReadInto(request, frame.AsMemory(reader.Position), version);
        IMessage answer = request switch
        {
            ApiVersionsRequest => Versions(),
            MetadataRequest metadata => Metadata(metadata),
            FetchRequest fetch => Fetched(fetch.Topics[0].Partitions[0].FetchOffset, batches),
            _ => throw new InvalidOperationException($"nobody prepared an answer to {api.Name}"),
        };
        var responseHeader = new ResponseHeader { CorrelationId = header.CorrelationId };
        var headerVersion = api.ResponseHeaderVersion(version);
        var length = responseHeader.Size(headerVersion) + answer.Size(version);
        BinaryPrimitives.WriteInt32BigEndian(room, length);
        var writer = new WireWriter(room.AsSpan(sizeof(int), length));
        responseHeader.Write(ref writer, headerVersion);
        answer.Write(ref writer, version);
        stream.Write(room, 0, sizeof(int) + length);
    }

    private FetchResponse Fetched(long offset, byte[] batches)
    {
        // Base offset and epoch are no part of the checksum.
        for (var i = 0; i < Batches; i++, offset += BatchRecords) BatchPatch.SetOffsetAndEpoch(batches.AsSpan(i * _batchSize, _batchSize), offset, 0);
        return new FetchResponse
        {
            Responses = [new FetchResponse.FetchedTopic { Topic = Topic, Partitions = [new FetchResponse.FetchedPartition { HighWatermark = offset, LastStableOffset = offset, LogStartOffset = 0, Records = RecordData.Of(batches) }] }],
        };
    }

    private static ApiVersionsResponse Versions()
    {
        var response = new ApiVersionsResponse();
        foreach (var api in ApiTable.All)
        {
            response.ApiKeys.Add(new ApiVersionsResponse.Api { ApiKey = (short)api.Key, MinVersion = api.LowestVersion, MaxVersion = api.Key == ApiKey.Fetch ? HighestFetch : api.HighestVersion });
        }

        return response;
    }

    private MetadataResponse Metadata(MetadataRequest request)
    {
        var response = new MetadataResponse { ClusterId = "prepared", ControllerId = 1, Brokers = [new MetadataResponse.Broker { NodeId = 1, Host = "127.0.0.1", Port = Port }] };
        foreach (var topic in request.Topics ?? [])
        {
            response.Topics.Add(new MetadataResponse.Topic { Name = topic.Name, Partitions = [new MetadataResponse.Partition { LeaderId = 1, LeaderEpoch = 0, ReplicaNodes = [1], IsrNodes = [1] }] });
        }

        return response;
    }
}
