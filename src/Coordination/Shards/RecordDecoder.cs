using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;

namespace Moldau.Coordination.Shards;

/// <summary>
/// Reads the records of one topic, one after the other. A coordinator may have a million offsets to load, so those are read
/// into the same two messages each time.
/// </summary>
internal sealed class RecordDecoder(string topic)
{
    private const string OffsetTopic = "__consumer_offsets";

    private readonly bool _hasOffsets = topic == OffsetTopic;
    private readonly StringCache _strings = new();
    private readonly OffsetCommitKey _offsetKey = new();
    private readonly OffsetCommitValue _offsetValue = new();
    private byte[] _room = new byte[512];

    /// <summary>Null for a kind that is not known: a newer broker may have written it.</summary>
    /// <exception cref="MalformedMessageException">It is damaged.</exception>
    public (IMessage Key, IMessage? Value)? Decode(OptionalBytes key, OptionalBytes value)
    {
        if (_hasOffsets && RecordForm.IsOffset(key.Span)) return Offset(key.Span, value);
        // Copies: what a machine keeps of these must not hold the buffer they were read from.
        return RecordForm.Decode(topic, key.Span.ToArray(), value.IsNull ? null : value.Span.ToArray());
    }

    private (IMessage Key, IMessage? Value) Offset(ReadOnlySpan<byte> key, OptionalBytes value)
    {
        var needed = key.Length + value.Span.Length;
        if (_room.Length < needed) _room = new byte[2 * needed];
        key.CopyTo(_room);
        value.Span.CopyTo(_room.AsSpan(key.Length));
        var reader = new WireReader(_room.AsMemory(0, key.Length), _strings);
        RecordForm.ReadKey(_offsetKey, ref reader);
        if (value.IsNull) return (_offsetKey, null);
        reader = new WireReader(_room.AsMemory(key.Length, value.Span.Length), _strings);
        RecordForm.ReadValue(_offsetValue, ref reader);
        return (_offsetKey, _offsetValue);
    }
}
