using System.Diagnostics;
using System.Text;
using Moldau.Client.Fetching;
using Moldau.Client.Telemetry;
using Moldau.Protocol.Records;

namespace Moldau.Client.Consuming;

/// <summary>
/// A record's headers, looked at where they came: nothing is made of those that nobody asks for. Valid until the next record or
/// batch is asked for; <see cref="ToArray"/> keeps them.
/// </summary>
public readonly struct Headers
{
    private const int ShortName = 128;

    private readonly FetchedBatch? _batch;
    private readonly int _generation;
    private readonly int _index;

    internal Headers(FetchedBatch batch, int index)
    {
        _batch = batch;
        _generation = batch.Generation;
        _index = index;
        Count = batch[index].HeaderCount;
    }

    public int Count { get; }

    /// <summary>The last header of that name, as Java's lastHeader.</summary>
    /// <param name="name">Its key.</param>
    /// <param name="value">Null where the header has none.</param>
    public bool TryGet(string name, out ReadOnlyMemory<byte>? value)
    {
        ArgumentNullException.ThrowIfNull(name);
        value = null;
        if (Count == 0) return false;
        Span<byte> room = stackalloc byte[ShortName];
        var wanted = Encoding.UTF8.GetMaxByteCount(name.Length) <= ShortName ? room[..Encoding.UTF8.GetBytes(name, room)] : Encoding.UTF8.GetBytes(name);
        var isThere = false;
        foreach (var header in this)
        {
            if (!header.KeyUtf8.Span.SequenceEqual(wanted)) continue;
            (isThere, value) = (true, header.Value);
        }

        return isThere;
    }

    /// <summary>The context of the span that the record was sent in, as W3C's headers name it.</summary>
    /// <param name="context">The default where they name none.</param>
    public bool TryGetTraceContext(out ActivityContext context)
    {
        context = TraceContext.Of(this);
        return context != default;
    }

    /// <summary>A copy that nothing takes away.</summary>
    public RecordHeader[] ToArray()
    {
        if (Count == 0) return [];
        var headers = new RecordHeader[Count];
        var i = 0;
        foreach (var header in this) headers[i++] = new RecordHeader(header.Key, header.Value?.ToArray());
        return headers;
    }

    public Enumerator GetEnumerator() => new(this);

    private ReadOnlyMemory<byte> Bytes()
    {
        if (_batch is null) return default;
        if (_batch.Generation != _generation) throw new InvalidOperationException("the batch these headers lie in was given back when the next was asked for; keep what is needed with ToArray before");
        ref readonly var record = ref _batch[_index];
        return _batch.Home[record.HeadersStart..record.End];
    }

    /// <summary>Walks them in their order.</summary>
    public struct Enumerator
    {
        private readonly ReadOnlyMemory<byte> _bytes;
        private int _left;
        private int _position;

        internal Enumerator(Headers headers)
        {
            _left = headers.Count;
            _bytes = _left == 0 ? default : headers.Bytes();
        }

        public Header Current { get; private set; }

        public bool MoveNext()
        {
            if (_left == 0) return false;
            var rest = _bytes[_position..];
            var walk = new RecordHeaderReader(rest.Span, _left--, 0);
            if (!walk.MoveNext()) return false;
            var value = walk.Value;
            Current = new Header(
                rest.Slice(walk.KeyPosition, walk.KeyUtf8.Length), value.IsNull ? default(ReadOnlyMemory<byte>?) : rest.Slice(walk.EndPosition - value.Length, value.Length));
            _position += walk.EndPosition;
            return true;
        }
    }
}
