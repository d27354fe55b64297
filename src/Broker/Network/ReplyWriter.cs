using System.Buffers.Binary;
using Moldau.Broker.Requests;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Network;

/// <summary>
/// Turns finished exchanges into bytes: small ones behind one another in the lane's buffer, so that they leave with one
/// call, and stretches of logs as they are.
/// </summary>
internal sealed class ReplyWriter(Lane lane, Outbox outbox)
{
    private const int LengthBytes = sizeof(int);

    private readonly List<Splice> _splices = [];
    private int _start;
    private int _end;

    /// <returns>How many bytes the reply has on the wire.</returns>
    public int Write(Exchange exchange)
    {
        if (exchange.IsBare) return WriteBare(((SaslAuthenticateResponse)exchange.Response).AuthBytes.Span);

        var response = exchange.Response;
        var version = exchange.Version;
        var headerVersion = exchange.Api.ResponseHeaderVersion(version);
        var size = response.Size(version);
        var header = sizeof(int) + (headerVersion > 0 ? 1 : 0);
        var spliced = response.SplicedSize;
        var inMemory = LengthBytes + header + size - spliced;
        Chunk? owner = null;
        byte[] bytes;
        int position;
        if (inMemory <= lane.Replies.Length - _end)
        {
            bytes = lane.Replies;
            position = _end;
        }
        else
        {
            Hand();
            owner = lane.Chunks.Rent(inMemory);
            bytes = owner.Bytes;
            position = 0;
        }

        var room = bytes.AsSpan(position, inMemory);
        BinaryPrimitives.WriteInt32BigEndian(room, header + size);
        BinaryPrimitives.WriteInt32BigEndian(room[LengthBytes..], exchange.CorrelationId);
        if (headerVersion > 0) room[LengthBytes + sizeof(int)] = 0;
        var body = LengthBytes + header;
        var writer = new WireWriter(room[body..], spliced > 0 ? _splices : null);
        response.Write(ref writer, version);
        if (writer.Position != inMemory - body)
            throw new InvalidOperationException($"{response.Name} version {version} was measured at {inMemory - body} bytes and written in {writer.Position}");
        if (owner is null) _end += inMemory;
        if (_splices.Count > 0 || owner is not null) AddParts(owner, bytes, position, inMemory, position + body);
        return LengthBytes + header + size;
    }

    /// <summary>A token as it is, without a header.</summary>
    private int WriteBare(ReadOnlySpan<byte> token)
    {
        Hand();
        var owner = lane.Chunks.Rent(LengthBytes + token.Length);
        BinaryPrimitives.WriteInt32BigEndian(owner.Bytes, token.Length);
        token.CopyTo(owner.Bytes.AsSpan(LengthBytes));
        outbox.Add(owner, owner.Bytes, 0, LengthBytes + token.Length);
        return LengthBytes + token.Length;
    }

    /// <summary>What was gathered belongs to the outbox from here on.</summary>
    public void Hand()
    {
        if (_end > _start) outbox.Add(null, lane.Replies, _start, _end - _start);
        _start = _end;
    }

    /// <summary>Everything has left, or was copied: the lane's buffer is another connection's.</summary>
    public void Begin() => _start = _end = 0;

    private void AddParts(Chunk? owner, byte[] bytes, int position, int length, int body)
    {
        // The gathered replies before this one go with its first part.
        var from = owner is null ? _start : position;
        foreach (var splice in _splices)
        {
            var upTo = body + splice.Position;
            AddBytes(owner, bytes, from, upTo - from);
            outbox.Add((SliceHolder)splice.Source);
            from = upTo;
        }

        AddBytes(owner, bytes, from, position + length - from);
        owner?.LetGo();
        if (owner is null) _start = _end;
        _splices.Clear();
    }

    private void AddBytes(Chunk? owner, byte[] bytes, int position, int length)
    {
        if (length == 0) return;
        owner?.Hold();
        outbox.Add(owner, bytes, position, length);
    }
}
