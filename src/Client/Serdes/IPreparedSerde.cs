using System.Buffers;

namespace Moldau.Client.Serdes;

/// <summary>
/// A serde that must ask somebody before it can write or read, such as for a schema by its id. It is asked whether it is ready,
/// and awaited only where it is not, so that writing and reading stay synchronous.
/// </summary>
public interface IPreparedSerde<T> : ISerde<T>
{
    /// <summary>Whether what these bytes need is known already.</summary>
    bool IsReadyToRead(in ReadOnlySequence<byte> bytes, in SerdeContext context);

    /// <summary>Learns what these bytes need; they are valid until the task ends.</summary>
    ValueTask PrepareToReadAsync(ReadOnlySequence<byte> bytes, SerdeContext context, CancellationToken cancellation);

    /// <summary>Whether what this topic's values are written with is known already.</summary>
    bool IsReadyToWrite(in SerdeContext context);

    /// <summary>Learns what this topic's values are written with.</summary>
    ValueTask PrepareToWriteAsync(SerdeContext context, CancellationToken cancellation);
}
