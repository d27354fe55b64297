using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Moldau.Testing.Faults;

/// <summary>Cuts what leaves into answers, and does to each what was decided when its request came.</summary>
internal sealed class ReplyFrames(Stream inner, ConcurrentDictionary<int, Fault> faults, Func<TimeSpan, Task> hold)
{
    private const int WholeHead = 8;

    private readonly byte[] _head = new byte[WholeHead];
    private int _headLength;
    private long _left;
    private bool _isLost;
    private bool _isSilent;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (_isSilent) return;
        // What lies between these two passes, and is written at once.
        var from = 0;
        var at = 0;
        while (at < bytes.Length)
        {
            if (_left > 0)
            {
                var count = (int)Math.Min(_left, bytes.Length - at);
                _left -= count;
                at += count;
                if (_isLost) from = at;
                continue;
            }

            var began = at;
            var wasBegun = _headLength > 0;
            if (!ReadHead(bytes.Span, ref at))
            {
                // Held back until its rest is here.
                await inner.WriteAsync(bytes[from..began], cancellation).ConfigureAwait(false);
                return;
            }

            _isLost = false;
            var head = _headLength;
            var fault = Begin();
            if (fault is null && !wasBegun) continue;
            await inner.WriteAsync(bytes[from..began], cancellation).ConfigureAwait(false);
            from = at;
            if (fault is null)
            {
                await inner.WriteAsync(_head.AsMemory(0, head), cancellation).ConfigureAwait(false);
                continue;
            }

            var half = fault.Moment == FaultMoment.WithinReply ? (int)Math.Min(bytes.Length - at, _left / 2) : 0;
            await ApplyAsync(fault, bytes.Slice(at, half), cancellation).ConfigureAwait(false);
            if (_isSilent) return;
            at += half;
            from = at;
            _left -= half;
        }

        await inner.WriteAsync(bytes[from..], cancellation).ConfigureAwait(false);
    }

    /// <returns>Whether it is whole.</returns>
    private bool ReadHead(ReadOnlySpan<byte> bytes, ref int at)
    {
        while (at < bytes.Length)
        {
            _head[_headLength++] = bytes[at++];
            if (_headLength == WholeHead || (_headLength == sizeof(int) && BinaryPrimitives.ReadInt32BigEndian(_head) < sizeof(int))) return true;
        }

        return false;
    }

    private Fault? Begin()
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(_head);
        var hasId = _headLength == WholeHead;
        _left = length - (_headLength - sizeof(int));
        _headLength = 0;
        return hasId && faults.TryRemove(BinaryPrimitives.ReadInt32BigEndian(_head.AsSpan(sizeof(int))), out var fault) ? fault : null;
    }

    /// <summary>What it does to an answer of which the head and perhaps a half are here.</summary>
    private async Task ApplyAsync(Fault fault, ReadOnlyMemory<byte> half, CancellationToken cancellation)
    {
        _isLost = fault.Kind == FaultKind.Lose;
        if (_isLost) return;
        var begins = fault.Moment == FaultMoment.WithinReply;
        if (begins)
        {
            await inner.WriteAsync(_head, cancellation).ConfigureAwait(false);
            await inner.WriteAsync(half, cancellation).ConfigureAwait(false);
        }

        await inner.FlushAsync(cancellation).ConfigureAwait(false);
        switch (fault.Kind)
        {
            case FaultKind.Delay:
                await hold(fault.Time).ConfigureAwait(false);
                if (!begins) await inner.WriteAsync(_head, cancellation).ConfigureAwait(false);
                break;
            case FaultKind.Silence:
                _isSilent = true;
                break;
            default:
                await inner.DisposeAsync().ConfigureAwait(false);
                throw new IOException("a test wants this connection cut");
        }
    }
}
