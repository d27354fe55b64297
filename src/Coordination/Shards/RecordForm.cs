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
    private const short OffsetKind = 1;

    private static readonly FrozenDictionary<Type, StoredRecordDescription> ByKey =
        StoredRecordTable.All.ToFrozenDictionary(static row => row.NewKey().GetType());

    // By topic and number: a load asks for each of a million records.
    private static readonly FrozenDictionary<string, StoredRecordDescription?[]> ByNumber =
        StoredRecordTable.All.GroupBy(static row => row.Topic).ToFrozenDictionary(static topic => topic.Key, static topic => Numbered([.. topic]));

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
        var reader = new WireReader(key);
        var number = reader.ReadInt16("record kind");
        var kinds = ByNumber[topic];
        if ((uint)number >= (uint)kinds.Length || kinds[number] is not { } kind) return null;
        var readKey = kind.NewKey();
        readKey.Read(ref reader, KeyVersion);
        if (value is null) return (readKey, null);
        reader = new WireReader(value);
        var readValue = kind.NewValue();
        ReadValue(readValue, ref reader);
        return (readKey, readValue);
    }

    /// <summary>Whether a key of the groups' topic is a committed offset's.</summary>
    internal static bool IsOffset(ReadOnlySpan<byte> key) => key.Length > sizeof(short) && BinaryPrimitives.ReadInt16BigEndian(key) == OffsetKind;

    /// <param name="key">Of the kind that stands in front.</param>
    /// <param name="reader">At its beginning.</param>
    internal static void ReadKey(IMessage key, ref WireReader reader)
    {
        reader.ReadInt16("record kind");
        key.Read(ref reader, KeyVersion);
    }

    internal static void ReadValue(IMessage value, ref WireReader reader) => value.Read(ref reader, reader.ReadInt16("value version"));

    private static StoredRecordDescription?[] Numbered(StoredRecordDescription[] rows)
    {
        var numbered = new StoredRecordDescription?[rows.Max(static row => row.Type) + 1];
        foreach (var row in rows) numbered[row.Type] = row;
        return numbered;
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
