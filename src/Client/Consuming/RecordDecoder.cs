using System.Buffers;
using Moldau.Client.Fetching;
using Moldau.Client.Serdes;

namespace Moldau.Client.Consuming;

/// <summary>From the bytes of records to keys and values.</summary>
/// <param name="keys">Reads keys.</param>
/// <param name="values">Reads values.</param>
/// <param name="advice">What to do about one that cannot be read.</param>
internal sealed class RecordDecoder<TKey, TValue>(ISerde<TKey> keys, ISerde<TValue> values, string advice = "SkipAsync passes it over")
{
    private readonly IPreparedSerde<TKey>? _preparedKeys = keys as IPreparedSerde<TKey>;
    private readonly IPreparedSerde<TValue>? _preparedValues = values as IPreparedSerde<TValue>;

    public bool NeedsPreparing => _preparedKeys is not null || _preparedValues is not null;

    /// <exception cref="SerdeException">Its bytes are no such key or value.</exception>
    public Record<TKey, TValue> Read(FetchedBatch batch, int index)
    {
        ref readonly var record = ref batch[index];
        var where = batch.State.Where;
        try
        {
            return new Record<TKey, TValue>
            {
                Where = where,
                Offset = batch.BaseOffset + record.OffsetDelta,
                Key = record.KeyLength < 0 ? default : keys.Read(new ReadOnlySequence<byte>(batch.KeyOf(record)), new SerdeContext(where.Topic, IsKey: true)),
                Value = record.ValueLength < 0 ? default : values.Read(new ReadOnlySequence<byte>(batch.ValueOf(record)), new SerdeContext(where.Topic, IsKey: false)),
                HasKey = record.KeyLength >= 0,
                IsTombstone = record.ValueLength < 0,
                TimestampMs = batch.TimestampOf(index),
                TimestampType = batch.IsLogAppendTime ? TimestampType.LogAppend : TimestampType.Create,
                LeaderEpoch = batch.LeaderEpoch,
                Headers = new Headers(batch, index),
            };
        }
        catch (Exception wrong) when (wrong is not OutOfMemoryException)
        {
            throw Failed(batch, index, wrong);
        }
    }

    /// <summary>Shows each value of a batch to a serde that must know something first, and awaits it where it does not.</summary>
    /// <returns>How many records can be read, and why the one behind them cannot; null where all can.</returns>
    public async ValueTask<(int Ready, SerdeException? Failure)> PrepareAsync(FetchedBatch batch, CancellationToken cancellation)
    {
        var topic = batch.State.Where.Topic;
        for (var i = 0; i < batch.Count; i++)
        {
            try
            {
                if (_preparedKeys is not null && batch[i].KeyLength >= 0) await PrepareAsync(_preparedKeys, batch.KeyOf(batch[i]), new SerdeContext(topic, IsKey: true), cancellation).ConfigureAwait(false);
                if (_preparedValues is not null && batch[i].ValueLength >= 0) await PrepareAsync(_preparedValues, batch.ValueOf(batch[i]), new SerdeContext(topic, IsKey: false), cancellation).ConfigureAwait(false);
            }
            catch (Exception wrong) when (wrong is not (OutOfMemoryException or OperationCanceledException))
            {
                return (i, Failed(batch, i, wrong));
            }
        }

        return (batch.Count, null);
    }

    private static ValueTask PrepareAsync<T>(IPreparedSerde<T> serde, ReadOnlyMemory<byte> bytes, SerdeContext context, CancellationToken cancellation)
    {
        var sequence = new ReadOnlySequence<byte>(bytes);
        return serde.IsReadyToRead(sequence, context) ? default : serde.PrepareToReadAsync(sequence, context, cancellation);
    }

    private SerdeException Failed(FetchedBatch batch, int index, Exception wrong) =>
        new($"{wrong.Message}; {advice}", $"{batch.State.Where}@{batch.OffsetOf(index)}", wrong);
}
