using System.Buffers.Binary;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Protocol.Records;

/// <summary>
/// The end of a transaction in a partition: a control batch of one record. Its key is a version and a type, its value a
/// version and an <see cref="EndTxnMarker"/>; later versions may carry more behind that.
/// </summary>
public readonly record struct TransactionMarker(ControlRecordType Type, int CoordinatorEpoch)
{
    private const short CurrentVersion = 0;
    private const int KeySize = 4;
    private const int ValueSize = 6;

    /// <summary>Reads the record of a control batch.</summary>
    /// <returns>False for a type that is not the end of a transaction; such a record is passed over.</returns>
    public static bool TryRead(RecordReader record, out TransactionMarker marker)
    {
        marker = default;
        var key = record.Key.Span;
        if (key.Length < KeySize) throw new InvalidBatchException(BatchFault.BadRecord, record.Index, $"a control key of {key.Length} bytes");
        if (BinaryPrimitives.ReadInt16BigEndian(key) < CurrentVersion) throw new InvalidBatchException(BatchFault.BadRecord, record.Index, "a negative version of the control key");
        var type = (ControlRecordType)BinaryPrimitives.ReadInt16BigEndian(key[2..]);
        if (type is not (ControlRecordType.Abort or ControlRecordType.Commit)) return false;

        // The fields of the first version come first in every later one, so a newer marker is read as far as it is known.
        var value = record.Value.Span;
        if (value.Length < ValueSize) throw new InvalidBatchException(BatchFault.BadRecord, record.Index, $"a transaction marker of {value.Length} bytes");
        marker = new TransactionMarker(type, BinaryPrimitives.ReadInt32BigEndian(value[sizeof(short)..]));
        return true;
    }

    /// <summary>Appends the marker to a builder whose batch is finished as a control batch of the transaction's producer.</summary>
    public void AppendTo(RecordBatchBuilder builder, long timestamp)
    {
        ArgumentNullException.ThrowIfNull(builder);
        Span<byte> key = stackalloc byte[KeySize];
        BinaryPrimitives.WriteInt16BigEndian(key, CurrentVersion);
        BinaryPrimitives.WriteInt16BigEndian(key[2..], (short)Type);
        Span<byte> value = stackalloc byte[ValueSize];
        var writer = new WireWriter(value);
        writer.WriteInt16(EndTxnMarker.LowestVersion);
        new EndTxnMarker { CoordinatorEpoch = CoordinatorEpoch }.Write(ref writer, EndTxnMarker.LowestVersion);
        builder.Append(timestamp, new OptionalBytes(key), new OptionalBytes(value));
    }
}
