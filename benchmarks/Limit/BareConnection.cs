using System.Buffers.Binary;
using System.Net.Sockets;
using Moldau.Bench.Load;
using Moldau.Broker.Network;
using Moldau.Broker.Network.Linux;

namespace Moldau.Bench.Limit;

/// <summary>One connection of the <see cref="BareBroker"/>: a buffer for what comes, one for replies, and files between them.</summary>
internal sealed class BareConnection(Socket socket, BareLog[] logs, Func<string, EndlessLog?> endless, int waiter, ulong place, int port)
{
    private const int RoomBytes = 1 << 20;

    private byte[] _room = GC.AllocateUninitializedArray<byte>(RoomBytes, pinned: true);
    private byte[] _reply = GC.AllocateUninitializedArray<byte>(RoomBytes, pinned: true);
    private readonly LinkedList<(int File, long Position, int Length, int From)> _pending = [];
    private int _end;
    private int _replyStart;
    private int _replyEnd;
    private bool _isBlocked;

    public void OnEvents(uint events)
    {
        if (_isBlocked && !Flush()) return;
        var received = NativeSocket.Receive((int)socket.Handle, _room.AsSpan(_end));
        if (received == Transport.WouldBlock) return;
        if (received == Transport.Gone || (events & NativeSocket.Failed) != 0)
        {
            Close();
            return;
        }

        _end += received;
        TakeFrames();
    }

    private void TakeFrames()
    {
        var start = 0;
        while (_end - start >= sizeof(int))
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(_room.AsSpan(start)) + sizeof(int);
            if (_end - start < length)
            {
                if (length > _room.Length) Grow(ref _room, length, _end);
                break;
            }

            Answer(_room.AsSpan(start, length));
            start += length;
        }

        if (start > 0) _room.AsSpan(start, _end - start).CopyTo(_room);
        _end -= start;
        Flush();
    }

    private void Answer(Span<byte> frame)
    {
        var reader = new WireReader(frame);
        reader.Int32();
        var api = reader.Int16();
        reader.Int16();
        var correlation = reader.Int32();
        reader.SkipText();
        var head = _replyEnd;
        _replyEnd += sizeof(int);
        Write(correlation);
        var behind = BareHandshake.Knows(api) ? Greet(frame) : api == 0 ? Produce(frame, ref reader) : Fetch(ref reader);
        BinaryPrimitives.WriteInt32BigEndian(_reply.AsSpan(head), _replyEnd - head - sizeof(int) + behind);
    }

    private int Greet(Span<byte> frame)
    {
        var answer = BareHandshake.Answer(frame, port);
        answer.CopyTo(_reply, _replyEnd);
        _replyEnd += answer.Length;
        return 0;
    }

    private int Produce(Span<byte> frame, ref WireReader reader)
    {
        reader.SkipText();
        reader.Int16();
        reader.Int32();
        Write(reader.Int32());
        var name = reader.Position;
        reader.SkipText();
        frame[name..reader.Position].CopyTo(_reply.AsSpan(_replyEnd));
        _replyEnd += reader.Position - name;
        var partitions = reader.Int32();
        Write(partitions);
        for (; partitions > 0; partitions--)
        {
            var partition = reader.Int32();
            var length = reader.Int32();
            var log = logs[partition];
            Write(partition);
            Write((short)0);
            Write(log.NextOffset);
            Write(-1L);
            Write(0L);
            Write(0);
            Write((short)-1);
            log.Append(frame.Slice(reader.Position, length));
            _ = reader.Take(length);
        }

        Write(0);
        return 0;
    }

    private int Fetch(ref WireReader reader)
    {
        _ = reader.Take((4 * sizeof(int)) + 1 + (2 * sizeof(int)));
        Write(0);
        Write((short)0);
        Write(0);
        Write(reader.Int32());
        var name = reader.Text()!;
        Write((short)name.Length);
        _replyEnd += System.Text.Encoding.ASCII.GetBytes(name, _reply.AsSpan(_replyEnd));
        var log = endless(name);
        var (partitions, behind) = (reader.Int32(), 0);
        Write(partitions);
        for (; partitions > 0; partitions--)
        {
            var partition = reader.Int32();
            reader.Int32();
            var offset = reader.Int64();
            reader.Int64();
            var mostBytes = reader.Int32();
            var batches = log is null ? default : log.From(offset, mostBytes);
            var (position, length) = log is null ? logs[partition].Find(offset, mostBytes) : (0, batches.Length);
            var end = log is null ? logs[partition].NextOffset : EndlessLog.End;
            Write(partition);
            Write((short)0);
            Write(end);
            Write(end);
            Write(0L);
            Write(-1);
            Write(-1);
            Write(length);
            if (log is not null)
            {
                Write(batches);
                continue;
            }

            // What was written so far goes before the file's bytes.
            if (length > 0) _pending.AddLast((logs[partition].Handle, position, length, _replyEnd));
            behind += length;
        }

        return behind;
    }

    /// <returns>Whether everything is sent.</returns>
    private bool Flush()
    {
        var handle = (int)socket.Handle;
        while (_pending.Count > 0 || _replyStart < _replyEnd)
        {
            var file = _pending.First?.Value ?? default;
            var until = _pending.Count > 0 ? file.From : _replyEnd;
            if (_replyStart < until)
            {
                var sent = NativeSocket.Send(handle, _reply.AsSpan(_replyStart, until - _replyStart), more: until != _replyEnd || _pending.Count > 0);
                if (sent < 0) return Block(sent);
                _replyStart += sent;
                continue;
            }

            var moved = NativeSocket.SendFile(handle, file.File, file.Position, file.Length);
            if (moved < 0) return Block(moved);
            if (moved < file.Length) _pending.First!.Value = (file.File, file.Position + moved, file.Length - moved, file.From);
            else _pending.RemoveFirst();
        }

        (_replyStart, _replyEnd) = (0, 0);
        if (_isBlocked) NativeSocket.Modify(waiter, handle, NativeSocket.Readable, place);
        _isBlocked = false;
        return true;
    }

    private bool Block(int result)
    {
        if (result == Transport.Gone)
        {
            Close();
            return false;
        }

        if (!_isBlocked) NativeSocket.Modify(waiter, (int)socket.Handle, NativeSocket.Writable, place);
        _isBlocked = true;
        return false;
    }

    private void Close()
    {
        NativeSocket.Remove(waiter, (int)socket.Handle);
        socket.Dispose();
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        // And room for what stands around the next partition's.
        if (_reply.Length - _replyEnd < bytes.Length + RoomBytes) Grow(ref _reply, _replyEnd + bytes.Length + RoomBytes, _replyEnd);
        bytes.CopyTo(_reply.AsSpan(_replyEnd));
        _replyEnd += bytes.Length;
    }

    private static void Grow(ref byte[] buffer, int least, int used)
    {
        var larger = GC.AllocateUninitializedArray<byte>(Math.Max(least, 2 * buffer.Length), pinned: true);
        buffer.AsSpan(0, used).CopyTo(larger);
        buffer = larger;
    }

    private void Write(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_reply.AsSpan(_replyEnd), value);
        _replyEnd += sizeof(int);
    }

    private void Write(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_reply.AsSpan(_replyEnd), value);
        _replyEnd += sizeof(short);
    }

    private void Write(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_reply.AsSpan(_replyEnd), value);
        _replyEnd += sizeof(long);
    }
}
