using System.Globalization;
using System.Text;
using Moldau.Coordination.Deliveries;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;

namespace Moldau.Broker.Sharing.DeadLetters;

/// <summary>Makes batches of copies: each has the record, where that is wanted, and headers that tell where it came from and why it is here.</summary>
/// <param name="group">Who gave it up.</param>
/// <param name="topic">The record's.</param>
/// <param name="partition">The record's.</param>
/// <param name="mostBytes">What a batch is to have at most; a larger record has one of its own.</param>
/// <param name="now">The copies' time.</param>
internal sealed class DeadLetterPacker(string group, string topic, int partition, int mostBytes, long now) : IDisposable
{
    private readonly RecordBatchBuilder _builder = new();
    private readonly List<RecordHeader> _headers = [];
    private List<(long First, long Last)> _offsets = [];

    public List<DeadLetterBatch> Batches { get; } = [];

    public long Bytes { get; private set; }

    /// <summary>A record as it was read.</summary>
    public void Add(in DeadRange range, long offset, RecordReader record, long timestamp)
    {
        _headers.Clear();
        var headers = record.Headers;
        while (headers.MoveNext()) _headers.Add(new RecordHeader(headers.Key, headers.Value.IsNull ? null : headers.Value.Span.ToArray()));
        Tell(range, offset);
        Add("moldau.dead.timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        Append(offset, record.Key, record.Value);
    }

    /// <summary>Where a record lies, or lay.</summary>
    /// <param name="range">What it is one of.</param>
    /// <param name="offset">Which.</param>
    /// <param name="missing">Why it is not copied though it was to be; null where it was not.</param>
    public void AddPointer(in DeadRange range, long offset, string? missing)
    {
        _headers.Clear();
        Tell(range, offset);
        if (missing is not null) Add("moldau.dead.missing", missing);
        Append(offset, OptionalBytes.Null, OptionalBytes.Null);
    }

    public void Flush()
    {
        if (_builder.RecordCount == 0) return;
        var bytes = _builder.Finish(new BatchOptions()).ToArray();
        Bytes += bytes.Length;
        Batches.Add(new DeadLetterBatch(bytes, _offsets));
        _offsets = [];
        _builder.Clear();
    }

    public void Dispose() => _builder.Dispose();

    private void Tell(in DeadRange range, long offset)
    {
        Add("__dlq.errors.topic", topic);
        Add("__dlq.errors.partition", partition.ToString(CultureInfo.InvariantCulture));
        Add("__dlq.errors.offset", offset.ToString(CultureInfo.InvariantCulture));
        Add("__dlq.errors.group", group);
        Add("__dlq.errors.delivery.count", range.Count.ToString(CultureInfo.InvariantCulture));
        Add("__dlq.errors.message", range.Reason == DeadReason.Rejected ? "Offset rejected by client." : "Offset delivery count exceeded the threshold.");
    }

    private void Add(string name, string value) => _headers.Add(new RecordHeader(name, Encoding.UTF8.GetBytes(value)));

    private void Append(long offset, OptionalBytes key, OptionalBytes value)
    {
        var headers = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_headers);
        if (_builder.RecordCount > 0 && _builder.UncompressedSize + RecordBatchBuilder.SizeUpperBound(key, value, headers) > mostBytes) Flush();
        _builder.Append(now, key, value, headers);
        if (_offsets.Count > 0 && _offsets[^1].Last + 1 == offset) _offsets[^1] = (_offsets[^1].First, offset);
        else _offsets.Add((offset, offset));
    }
}
