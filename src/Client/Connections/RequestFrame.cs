using System.Buffers;
using System.Buffers.Binary;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Connections;

/// <summary>A request as it goes over the wire, in a pooled buffer that its sender gives back.</summary>
internal readonly struct RequestFrame
{
    // Length, key, version; then the correlation id, which is given when the request's place in the line is.
    private const int CorrelationPosition = sizeof(int) + sizeof(short) + sizeof(short);

    private readonly byte[] _buffer;

    private RequestFrame(byte[] buffer, int length)
    {
        _buffer = buffer;
        Length = length;
    }

    public int Length { get; }

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, Length);

    public static RequestFrame Write(ApiDescription api, short version, string clientId, IMessage request)
    {
        var header = new RequestHeader { RequestApiKey = (short)api.Key, RequestApiVersion = version, ClientId = clientId };
        var headerVersion = api.RequestHeaderVersion(version);
        var length = sizeof(int) + header.Size(headerVersion) + request.Size(version);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        BinaryPrimitives.WriteInt32BigEndian(buffer, length - sizeof(int));
        var writer = new WireWriter(buffer.AsSpan(sizeof(int), length - sizeof(int)));
        header.Write(ref writer, headerVersion);
        request.Write(ref writer, version);
        return new RequestFrame(buffer, length);
    }

    public void Number(int correlationId) => BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(CorrelationPosition), correlationId);

    public void Return() => ArrayPool<byte>.Shared.Return(_buffer);
}
