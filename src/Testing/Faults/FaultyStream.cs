using System.Buffers.Binary;
using System.Collections.Concurrent;
using Moldau.Protocol.Messages;

namespace Moldau.Testing.Faults;

/// <summary>A connection's bytes, cut into requests as they come and into answers as they leave, where faults meet them.</summary>
internal sealed class FaultyStream : Stream
{
    // Length, api key, version, correlation id.
    private const int RequestHead = 12;
    private const int ReadBytes = 64 << 10;

    private readonly Stream _inner;
    private readonly BrokerFaults _faults;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<int, Fault> _ofReplies = new();
    private readonly ReplyFrames _replies;
    private readonly byte[] _buffer = new byte[ReadBytes];
    private int _start;
    private int _end;
    private long _frameLeft;

    public FaultyStream(Stream inner, BrokerFaults faults, TimeProvider clock)
    {
        (_inner, _faults, _clock) = (inner, faults, clock);
        _replies = new ReplyFrames(inner, _ofReplies, HoldAsync);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_start < _end && _frameLeft > 0) return Take(buffer.Span);
            if (_start == _end && (buffer.IsEmpty || _frameLeft > 0))
            {
                // In the middle of a frame its bytes need not go through here.
                var count = await _inner.ReadAsync(buffer.IsEmpty ? buffer : buffer[..(int)Math.Min(buffer.Length, _frameLeft)], cancellationToken).ConfigureAwait(false);
                _frameLeft -= count;
                return count;
            }

            if (Head() is { } head)
            {
                _frameLeft = sizeof(int) + Math.Max(0, head.Length);
                if (await PassesAsync(head.Api, head.CorrelationId, cancellationToken).ConfigureAwait(false)) continue;
                return 0;
            }

            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            var more = await _inner.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _end += more;
            // What was left of a frame at the end is the broker's to judge.
            if (more == 0) _frameLeft = _end;
            if (more == 0 && _end == 0) return 0;
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _replies.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

    public override void Flush() => _inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _closing.Cancel();
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Take(Span<byte> into)
    {
        var count = (int)Math.Min(Math.Min(into.Length, _end - _start), _frameLeft);
        _buffer.AsSpan(_start, count).CopyTo(into);
        _start += count;
        _frameLeft -= count;
        return count;
    }

    /// <summary>What the next frame says of itself; null where not enough of it is there. A bare token of SASL says nothing.</summary>
    private (int Length, ApiKey Api, int CorrelationId)? Head()
    {
        var bytes = _buffer.AsSpan(_start, _end - _start);
        if (bytes.Length < sizeof(int)) return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (length < RequestHead - sizeof(int)) return (length, (ApiKey)(-1), 0);
        if (bytes.Length < RequestHead) return null;
        return (length, (ApiKey)BinaryPrimitives.ReadInt16BigEndian(bytes[sizeof(int)..]), BinaryPrimitives.ReadInt32BigEndian(bytes[(RequestHead - sizeof(int))..]));
    }

    /// <returns>False where nothing comes any more.</returns>
    private async ValueTask<bool> PassesAsync(ApiKey api, int correlationId, CancellationToken cancellation)
    {
        if (_faults.Meet(api) is not { } fault) return true;
        switch (fault)
        {
            case { Kind: FaultKind.Silence, Moment: FaultMoment.BeforeRequest }:
                while (await _inner.ReadAsync(_buffer, cancellation).ConfigureAwait(false) > 0)
                {
                    // Until the other side has had enough.
                }

                return false;
            case { Kind: FaultKind.Cut, Moment: FaultMoment.BeforeRequest }:
                await _inner.DisposeAsync().ConfigureAwait(false);
                return false;
            case { Kind: FaultKind.Delay, Moment: FaultMoment.BeforeRequest }:
                await HoldAsync(fault.Time).ConfigureAwait(false);
                return true;
            default:
                _ofReplies[correlationId] = fault;
                return true;
        }
    }

    private async Task HoldAsync(TimeSpan time)
    {
        try
        {
            await Task.Delay(time, _clock, _closing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException closed)
        {
            throw new IOException("the connection closed meanwhile", closed);
        }
    }
}
