using System.IO.Pipelines;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Network;

/// <summary>
/// A connection over a stream: TLS, a pipe in a test, or a socket where there is no epoll. Two loops move its bytes to and
/// from buffers, so that the lane never waits for it.
/// </summary>
internal sealed class StreamTransport(Stream stream, string remote) : Transport
{
    private const int MostBuffered = 256 * 1024;

    private readonly Pipe _in = new(new PipeOptions(pauseWriterThreshold: MostBuffered, resumeWriterThreshold: MostBuffered / 2, useSynchronizationContext: false));
    private readonly Pipe _out = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private long _waiting;
    private bool _reads;
    private volatile bool _writes;
    private volatile bool _isClosed;
    private bool _hasEnded;
    private Connection _connection = null!;

    public override string Remote { get; } = remote;

    /// <summary>The loops begin.</summary>
    public void Serve(Connection connection)
    {
        _connection = connection;
        _ = ReceiveAsync();
        _ = SendAsync();
    }

    public override int Receive(Span<byte> room)
    {
        if (!_in.Reader.TryRead(out var read)) return Volatile.Read(ref _hasEnded) ? Gone : WouldBlock;
        var count = (int)Math.Min(room.Length, read.Buffer.Length);
        var part = read.Buffer.Slice(0, count);
        System.Buffers.BuffersExtensions.CopyTo(part, room);
        _in.Reader.AdvanceTo(part.End);
        return count > 0 ? count : read.IsCompleted ? Gone : WouldBlock;
    }

    public override int Send(ReadOnlySpan<byte> bytes, bool more)
    {
        if (_isClosed) return Gone;
        if (Interlocked.Read(ref _waiting) >= MostBuffered) return WouldBlock;
        var count = Math.Min(bytes.Length, MostBuffered);
        bytes[..count].CopyTo(_out.Writer.GetSpan(count));
        return Written(count);
    }

    public override int Send(in LogSlice slice, int position)
    {
        if (_isClosed) return Gone;
        if (Interlocked.Read(ref _waiting) >= MostBuffered) return WouldBlock;
        var wanted = Math.Min(slice.Length - position, 64 * 1024);
        var count = slice.Read(position, _out.Writer.GetSpan(wanted)[..wanted]);
        return count == 0 ? Gone : Written(count);
    }

    public override void Want(bool reads, bool writes)
    {
        _writes = writes;
        // Room that came before this was said has told nobody either.
        if (writes && Interlocked.Read(ref _waiting) < MostBuffered) _connection.Poke();
        if (reads == _reads && !reads) return;
        _reads = reads;
        // What came while nobody wanted it told nobody.
        if (reads && _in.Reader.TryRead(out var read))
        {
            _in.Reader.AdvanceTo(read.Buffer.Start);
            if (!read.Buffer.IsEmpty || read.IsCompleted) _connection.PokeToRead();
        }
    }

    public override void Close()
    {
        if (_isClosed) return;
        _isClosed = true;
        _out.Writer.Complete();
        // Ends a read or write that is under way.
        stream.Dispose();
    }

    private int Written(int count)
    {
        Interlocked.Add(ref _waiting, count);
        _out.Writer.Advance(count);
        // Never waits: the lane bounds what lies here.
        return _out.Writer.FlushAsync().AsTask().IsCompleted ? count : Gone;
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var count = await stream.ReadAsync(_in.Writer.GetMemory(16 * 1024)).ConfigureAwait(false);
                if (count == 0) break;
                _in.Writer.Advance(count);
                var flushed = _in.Writer.FlushAsync();
                _connection.PokeToRead();
                await flushed.ConfigureAwait(false);
            }
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side is gone, or this one is.
        }

        Volatile.Write(ref _hasEnded, true);
        await _in.Writer.CompleteAsync().ConfigureAwait(false);
        _connection.PokeToRead();
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                var read = await _out.Reader.ReadAsync().ConfigureAwait(false);
                foreach (var part in read.Buffer)
                {
                    if (!_isClosed) await stream.WriteAsync(part).ConfigureAwait(false);
                }

                var sent = read.Buffer.Length;
                _out.Reader.AdvanceTo(read.Buffer.End);
                if (Interlocked.Add(ref _waiting, -sent) < MostBuffered && _writes) _connection.Poke();
                if (read.IsCompleted) break;
            }
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or ObjectDisposedException)
        {
            _connection.CloseSoon("it is gone");
        }

        await _out.Reader.CompleteAsync().ConfigureAwait(false);
    }
}
