using System.Buffers;

namespace Moldau.Client.Serdes;

/// <summary>
/// Values to bytes and back. Never asked about null: a record without a key or value has none. Used by many threads at once.
/// </summary>
public interface ISerde<T>
{
    /// <summary>Writes the value's bytes behind what is there.</summary>
    /// <param name="value">Not null.</param>
    /// <param name="output">Where its bytes go.</param>
    /// <param name="context">Which topic, and whether it is a key or a value.</param>
    void Write(T value, IBufferWriter<byte> output, in SerdeContext context);

    /// <summary>The value that was written as these bytes, which are valid only during the call.</summary>
    T Read(in ReadOnlySequence<byte> bytes, in SerdeContext context);
}
