using System.Diagnostics.CodeAnalysis;
using Moldau.Client.Serdes;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Client.Producing;

/// <summary>The bytes of one record's key and value, one behind the other, in a buffer of the thread that writes them.</summary>
[SuppressMessage("Design", "CA1001", Justification = "its memory is the thread's for as long as that lives, or given back when it is too much")]
internal sealed class ValueBytes
{
    private const int MostKept = 1 << 20;

    [ThreadStatic]
    private static ValueBytes? free;

    private readonly PooledBuffer _buffer = new(initialCapacity: 1024);
    private int _keyLength;
    private int _valueLength;

    public OptionalBytes Key => _keyLength < 0 ? default : new OptionalBytes(_buffer.WrittenSpan[.._keyLength]);

    public OptionalBytes Value => _valueLength < 0 ? default : new OptionalBytes(_buffer.WrittenSpan[Math.Max(0, _keyLength)..]);

    public static ValueBytes Rent()
    {
        // A serde that sends something itself, while it writes, gets another.
        var own = free ?? new ValueBytes();
        free = null;
        return own;
    }

    public void Return()
    {
        // One that grew for a large value is not held for as long as the thread lives.
        if (_buffer.Length > MostKept)
        {
            _buffer.Dispose();
            return;
        }

        _buffer.Clear();
        free = this;
    }

    public void Write<TKey, TValue>(TKey? key, ISerde<TKey> keySerde, TValue? value, ISerde<TValue> valueSerde, string topic)
    {
        _keyLength = Write(key, keySerde, new SerdeContext(topic, IsKey: true));
        _valueLength = Write(value, valueSerde, new SerdeContext(topic, IsKey: false));
    }

    private int Write<T>(T? value, ISerde<T> serde, in SerdeContext context)
    {
        if (value is null) return -1;
        var before = _buffer.Length;
        serde.Write(value, _buffer, context);
        return _buffer.Length - before;
    }
}
