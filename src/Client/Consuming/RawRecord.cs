using Moldau.Client.Fetching;

namespace Moldau.Client.Consuming;

/// <summary>A record's bytes as they lie in their batch: nothing is copied, and nothing may be kept when the next batch is asked for.</summary>
public readonly struct RawRecord
{
    private readonly FetchedBatch _batch;
    private readonly int _index;

    internal RawRecord(FetchedBatch batch, int index) => (_batch, _index) = (batch, index);

    public long Offset => _batch.OffsetOf(_index);

    /// <summary>Null where it has none.</summary>
    public ReadOnlyMemory<byte>? Key => _batch[_index].KeyLength < 0 ? default(ReadOnlyMemory<byte>?) : _batch.KeyOf(_batch[_index]);

    /// <summary>Null where it has none: a tombstone.</summary>
    public ReadOnlyMemory<byte>? Value => _batch[_index].ValueLength < 0 ? default(ReadOnlyMemory<byte>?) : _batch.ValueOf(_batch[_index]);

    /// <summary>Milliseconds since 1970; -1 where it has none.</summary>
    public long TimestampMs => _batch.TimestampOf(_index);

    public TimestampType TimestampType => _batch.IsLogAppendTime ? TimestampType.LogAppend : TimestampType.Create;

    public Headers Headers => new(_batch, _index);
}
