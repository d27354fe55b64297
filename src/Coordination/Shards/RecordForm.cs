using System.Buffers.Binary;
using System.Collections.Frozen;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Shards;

/// <summary>
/// How a coordinator's records are stored: two bytes with the kind and the key behind them; two bytes with the version
/// and the value.
/// </summary>
public static class RecordForm
{
    private const short KeyVersion = 0;

    private static readonly FrozenDictionary<Type, StoredRecordDescription> ByKey =
        StoredRecordTable.All.ToFrozenDictionary(static row => row.NewKey().GetType());

    public static StoredRecord Encode(in ShardRecord record, long timestamp)
    {
        var kind = ByKey[record.Key.GetType()];
        var version = record.Version < 0 ? kind.HighestValueVersion : record.Version;
        return new StoredRecord(timestamp, Prefixed(kind.Type, record.Key, KeyVersion), record.Value is null ? null : Prefixed(version, record.Value, version));
    }

    /// <summary>Null for a kind that is not known: a newer broker may have written it.</summary>
    /// <exception cref="MalformedMessageException">It is damaged.</exception>
    public static (IMessage Key, IMessage? Value)? Decode(string topic, byte[] key, byte[]? value)
    {
        var keyReader = new WireReader(key);
        if (!StoredRecordTable.TryGet(topic, keyReader.ReadInt16("record kind"), out var kind)) return null;
        var readKey = kind.NewKey();
        readKey.Read(ref keyReader, KeyVersion);
        if (value is null) return (readKey, null);
        var reader = new WireReader(value);
        var version = reader.ReadInt16("value version");
        var readValue = kind.NewValue();
        readValue.Read(ref reader, version);
        return (readKey, readValue);
    }

    private static byte[] Prefixed(short prefix, IMessage message, short version)
    {
        var bytes = new byte[sizeof(short) + message.Size(version)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, prefix);
        var writer = new WireWriter(bytes.AsSpan(sizeof(short)));
        message.Write(ref writer, version);
        return bytes;
    }
}
