using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Network;

/// <summary>
/// A connection over a stream: TLS, a pipe in a test, or a socket where there is no epoll. Two loops move its bytes to and
/// from buffers, so that the lane never waits for it.
/// </summary>
/// <param name="stream">What the bytes go through.</param>
/// <param name="remote">Where the other side is.</param>
/// <param name="entrance">What has to be done on the stream before anything else, on the pool; false ends the connection.</param>
[SuppressMessage("Design", "CA1001", Justification = "It holds nothing but memory, and its owner ends it by Close.")]
internal sealed class StreamTransport(Stream stream, string remote, Func<Connection, Task<bool>>? entrance = null) : Transport
{
    private const int MostBuffered = 256 * 1024;
    private const int ReceiveBytes = 64 * 1024;

    /// <summary>Behind so little most likely comes nothing at once, and who waits for it should hold no memory.</summary>
    private const int FewBytes = 4 * 1024;

    /// <summary>What was said before a connection was closed may still leave, for so long.</summary>
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(2);

    private readonly Pipe _in = new(new PipeOptions(pauseWriterThreshold: MostBuffered, resumeWriterThreshold: MostBuffered / 2, useSynchronizationContext: false));

    // The lane itself begins to send: most often the socket takes it all, and nobody has to be woken for it.
    private readonly Pipe _out = new(new PipeOptions(readerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly CancellationTokenSource _lingering = new();
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
        if (entrance is null) Begin();
        else _ = EnterAsync(entrance);
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
        var isAllSent = Interlocked.Read(ref _waiting) == 0;
        if (!isAllSent) _lingering.CancelAfter(LingerTime);
        _out.Writer.Complete();
        // Ends a read that is under way, and the handshake; else the sending loop does it when it is done.
        if (isAllSent) stream.Dispose();
    }

    private int Written(int count)
    {
        Interlocked.Add(ref _waiting, count);
        _out.Writer.Advance(count);
        // Never waits: the lane bounds what lies here.
        var flushed = _out.Writer.FlushAsync();
        return flushed.IsCompletedSuccessfully && !flushed.GetAwaiter().GetResult().IsCompleted ? count : Gone;
    }

    private void Begin()
    {
        _ = ReceiveAsync();
        _ = SendAsync();
    }

    private async Task EnterAsync(Func<Connection, Task<bool>> enter)
    {
        // Whoever accepts connections does nothing else.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (await enter(_connection).ConfigureAwait(false))
        {
            Begin();
            return;
        }

        await _out.Reader.CompleteAsync().ConfigureAwait(false);
        await EndAsync().ConfigureAwait(false);
    }

    private async Task ReceiveAsync()
    {
        try
        {
            var isQuiet = true;
            while (true)
            {
                if (isQuiet) _ = await stream.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false);
                var count = await stream.ReadAsync(_in.Writer.GetMemory(ReceiveBytes)).ConfigureAwait(false);
                if (count == 0) break;
                isQuiet = count < FewBytes;
                _in.Writer.Advance(count);
                var flushed = _in.Writer.FlushAsync();
                _connection.PokeToRead();
                await flushed.ConfigureAwait(false);
            }
        }
        catch (Exception end) when (end is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side is gone, or this one is.
        }

        await EndAsync().ConfigureAwait(false);
    }

    private async Task EndAsync()
    {
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
                foreach (var part in read.Buffer) await stream.WriteAsync(part, _lingering.Token).ConfigureAwait(false);
                await stream.FlushAsync(_lingering.Token).ConfigureAwait(false);
                var sent = read.Buffer.Length;
                _out.Reader.AdvanceTo(read.Buffer.End);
                if (Interlocked.Add(ref _waiting, -sent) < MostBuffered && _writes) _connection.Poke();
                if (!read.IsCompleted) continue;
                if (stream is SslStream tls) await tls.ShutdownAsync().ConfigureAwait(false);
                await stream.FlushAsync(_lingering.Token).ConfigureAwait(false);
                break;
            }
        }
        catch (Exception end) when (end is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            _connection.CloseSoon("it is gone");
        }

        await stream.DisposeAsync().ConfigureAwait(false);
        await _out.Reader.CompleteAsync().ConfigureAwait(false);
    }
}
