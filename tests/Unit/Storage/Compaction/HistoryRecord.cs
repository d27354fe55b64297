using System.Text;
using Moldau.Protocol.Records;

namespace Moldau.Unit.Storage.Compaction;

internal sealed record HistoryRecord(long Offset, long Timestamp, string Key, string? Value)
{
    public RecordFate Fate { get; set; } = RecordFate.Visible;

    public bool IsTombstone => Value is null;

    public static HistoryRecord Of(RecordBatch batch, scoped in RecordReader reader) => new(
        batch.BaseOffset + reader.OffsetDelta, batch.Attributes.IsLogAppendTime ? batch.MaxTimestamp : batch.BaseTimestamp + reader.TimestampDelta,
        Encoding.UTF8.GetString(reader.Key.Span), reader.Value.IsNull ? null : Encoding.UTF8.GetString(reader.Value.Span));

    /// <summary>The same in all that was written.</summary>
    public bool IsSame(HistoryRecord other) =>
        (Offset, Timestamp, Key, Value) == (other.Offset, other.Timestamp, other.Key, other.Value);
}
