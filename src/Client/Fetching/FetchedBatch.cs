using Moldau.Client.Connections;
using Moldau.Client.Consuming;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Client.Fetching;

/// <summary>
/// A batch of one partition, its records laid out and not yet decoded. They are views of the answer, or of where it was unpacked
/// to, until whoever reads it gives it back; then another batch takes its place.
/// </summary>
internal sealed class FetchedBatch
{
    private RecordLayout[] _records = [];
    private PooledBuffer? _unpacked;
    private int _generation;

    public PartitionState State { get; private set; } = null!;

    /// <summary>Where it is counted as given out; another than its partition's where reading goes on elsewhere.</summary>
    public Watermark? Given { get; set; }

    public AnswerFrame? Frame { get; private set; }

    /// <summary>The records' bytes.</summary>
    public ReadOnlyMemory<byte> Home { get; private set; }

    public int Count { get; private set; }

    public long BaseOffset { get; private set; }

    public long BaseTimestamp { get; private set; }

    public long MaxTimestamp { get; private set; }

    public bool IsLogAppendTime { get; private set; }

    public int LeaderEpoch { get; private set; }

    /// <summary>What it took in the answer, compressed as it was.</summary>
    public int WireBytes { get; private set; }

    /// <summary>The first offset that it stands for.</summary>
    public long First { get; private set; }

    /// <summary>The offset behind it.</summary>
    public long Next { get; private set; }

    /// <summary>How many of its records the reader was given, where he gets them one by one.</summary>
    public int Seen { get; set; }

    /// <summary>Another one whenever it was given back: what still refers to it is refused.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>Whether more of it may be given out: nobody has sought elsewhere, paused it or taken it away.</summary>
    public bool IsWanted => ReferenceEquals(State.Given, Given) && !State.IsHeld;

    public ref readonly RecordLayout this[int index] => ref _records[index];

    public long OffsetOf(int index) => index < Count ? BaseOffset + _records[index].OffsetDelta : Next;

    public long TimestampOf(int index) => IsLogAppendTime ? MaxTimestamp : BaseTimestamp + _records[index].TimestampDelta;

    public ReadOnlyMemory<byte> KeyOf(in RecordLayout record) => Home.Slice(record.KeyStart, Math.Max(0, record.KeyLength));

    public ReadOnlyMemory<byte> ValueOf(in RecordLayout record) => Home.Slice(record.ValueStart, Math.Max(0, record.ValueLength));

    /// <summary>Lays out a batch of a part; its frame is held until <see cref="Free"/>.</summary>
    /// <param name="part">Where it came.</param>
    /// <param name="batch">It.</param>
    /// <param name="position">Where it begins in the part.</param>
    /// <param name="end">Records from this offset on are not wanted.</param>
    /// <param name="limit">Bytes it may unpack to.</param>
    /// <exception cref="InvalidBatchException">It is damaged.</exception>
    public void Fill(FetchedPart part, in RecordBatch batch, int position, long end, int limit) =>
        Fill(part.State, part.Frame, part.Records.Slice(position, batch.Bytes.Length), part.From, batch, end, limit);

    /// <summary>The same, of a batch that came in another way.</summary>
    /// <param name="state">Its partition.</param>
    /// <param name="frame">The answer it lies in.</param>
    /// <param name="bytes">The whole batch there.</param>
    /// <param name="from">Records below this offset are not wanted.</param>
    /// <param name="batch">It.</param>
    /// <param name="end">Records from this offset on are not wanted.</param>
    /// <param name="limit">Bytes it may unpack to.</param>
    /// <exception cref="InvalidBatchException">It is damaged.</exception>
    public void Fill(PartitionState state, AnswerFrame frame, ReadOnlyMemory<byte> bytes, long from, in RecordBatch batch, long end, int limit)
    {
        _unpacked ??= new PooledBuffer(0, limit);
        State = state;
        (Given, Seen, Count) = (null, 0, 0);
        var walk = batch.GetRecords(_unpacked);
        Home = batch.Attributes.Compression == CompressionType.None
            ? bytes[BatchLayout.Records..]
            : _unpacked.WrittenMemory;
        BaseOffset = batch.BaseOffset;
        BaseTimestamp = batch.BaseTimestamp;
        MaxTimestamp = batch.MaxTimestamp;
        IsLogAppendTime = batch.Attributes.IsLogAppendTime;
        LeaderEpoch = batch.LeaderEpoch;
        WireBytes = batch.Bytes.Length;
        First = Math.Max(from, batch.BaseOffset);
        Next = Math.Min(batch.LastOffset + 1, end);
        if (_records.Length < batch.RecordCount) _records = new RecordLayout[Math.Max(256, batch.RecordCount)];
        while (walk.MoveNext())
        {
            var offset = BaseOffset + walk.OffsetDelta;
            if (offset >= First && offset < Next) _records[Count++] = walk.Layout;
        }

        Frame = frame;
        Frame.Retain();
    }

    /// <summary>Gives the answer back; what refers to the records reads them no more.</summary>
    public void Free()
    {
        Volatile.Write(ref _generation, _generation + 1);
        Home = default;
        (Given, Count) = (null, 0);
        var frame = Frame;
        Frame = null;
        frame?.Release();
    }

    /// <summary>Gives its own room back too.</summary>
    public void Discard()
    {
        _unpacked?.Dispose();
        _unpacked = null;
    }
}
