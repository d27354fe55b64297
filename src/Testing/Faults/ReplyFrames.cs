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

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
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
            if (fault is not null) await ApplyAsync(fault, bytes[at..], cancellation).ConfigureAwait(false);
            if (!_isLost) await inner.WriteAsync(_head.AsMemory(0, head), cancellation).ConfigureAwait(false);
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

    private async Task ApplyAsync(Fault fault, ReadOnlyMemory<byte> behind, CancellationToken cancellation)
    {
        if (fault.Kind == FaultKind.Delay)
        {
            await inner.FlushAsync(cancellation).ConfigureAwait(false);
            await hold(fault.Time).ConfigureAwait(false);
        }
        else if (fault.Kind == FaultKind.Lose)
        {
            _isLost = true;
        }
        else
        {
            if (fault.Moment == FaultMoment.WithinReply)
            {
                await inner.WriteAsync(_head, cancellation).ConfigureAwait(false);
                await inner.WriteAsync(behind[..(int)Math.Min(behind.Length, _left / 2)], cancellation).ConfigureAwait(false);
            }

            await inner.FlushAsync(cancellation).ConfigureAwait(false);
            await inner.DisposeAsync().ConfigureAwait(false);
            throw new IOException("a test wants this connection cut");
        }
    }
}
