using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;
using Moldau.Storage.Recovery;

namespace Moldau.Compatibility.Storage;

/// <summary>A log of ours on the real disk, written at random: plain, idempotent and transactional batches of several epochs.</summary>
internal sealed class LogScript
{
    public const int SegmentBytes = 16_384;
    public const int Interval = 512;

    private static readonly LogSettings s_settings = new() { SegmentBytes = SegmentBytes, IndexIntervalBytes = Interval, RetentionMilliseconds = -1 };

    private readonly Random _random;
    private readonly Dictionary<long, int> _sequences = [];
    private readonly HashSet<long> _open = [];
    private long _time = Start;
    private int _epoch;

    public LogScript(KafkaFiles files, string name, Random random)
    {
        _random = random;
        Folder = files.PathOf(name);
        files.Disk.CreateFolder(Folder);
        Disk = new LogDisk(files.Disk, TimeProvider.System);
        Log = Load(Disk, Folder, 0, wasClosed: false);
        // What the coordinator of transactions would have confirmed.
        Log.Producers.VerifiesTransactions = false;
    }

    /// <summary>An hour ago: Kafka forgets producers that have been silent for weeks.</summary>
    public static long Start { get; } = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 3_600_000;

    public string Folder { get; }

    public LogDisk Disk { get; }

    public PartitionLog Log { get; }

    /// <summary>As they lie in the log.</summary>
    public List<byte[]> Batches { get; } = [];

    public static PartitionLog Load(LogDisk disk, string folder, long point, bool wasClosed)
    {
        var loaded = LogLoader.Load(disk, folder, new LogLoadRequest(point, 0, wasClosed, 0, s_settings with { ProducerExpirationMilliseconds = long.MaxValue }));
        loaded.Log.Opened();
        return loaded.Log;
    }

    public LogScript Write(int batches)
    {
        for (var i = 0; i < batches; i++)
        {
            if (_random.Next(20) == 0) _epoch++;
            var producer = _random.Next(8);
            if (_open.Contains(producer) && _random.Next(3) == 0) End(producer);
            else Produce(producer);
        }

        return this;
    }

    /// <summary>A clean stop, as far as one log goes.</summary>
    public void Close()
    {
        Log.TryCheckpoint(closes: true);
        while (Disk.Flusher.RunRound())
        {
        }

        Log.Release();
    }

    private void End(long producer)
    {
        using var builder = new RecordBatchBuilder();
        new TransactionMarker(_random.Next(2) == 0 ? ControlRecordType.Abort : ControlRecordType.Commit, 0).AppendTo(builder, _time);
        var batch = builder.Finish(new BatchOptions { Producer = new ProducerIdentity(producer, 0, -1), IsTransactional = true, IsControl = true }).ToArray();
        Keep(batch, Log.AppendMarker(batch, _epoch, bumpsEpoch: false));
        _open.Remove(producer);
    }

    private void Produce(long producer)
    {
        // Some of the time is before that of earlier batches.
        _time += _random.Next(-20, 100);
        using var builder = new RecordBatchBuilder((CompressionType)_random.Next(5));
        var count = _random.Next(1, 20);
        for (var i = 0; i < count; i++)
        {
            var value = new byte[_random.Next(60)];
            _random.NextBytes(value);
            builder.Append(_time + _random.Next(10), new OptionalBytes(value.AsSpan(0, value.Length / 3)), new OptionalBytes(value));
        }

        var isTransactional = producer is > 2 and < 6;
        var identity = producer < 2 ? ProducerIdentity.None : new ProducerIdentity(producer, 0, _sequences.GetValueOrDefault(producer));
        if (producer >= 2) _sequences[producer] = identity.BaseSequence + count;
        if (isTransactional) _open.Add(producer);
        var batch = builder.Finish(new BatchOptions { Producer = identity, IsTransactional = isTransactional }).ToArray();
        Keep(batch, Log.Append(batch, _epoch));
    }

    private void Keep(byte[] batch, AppendResult result)
    {
        if (result.Outcome != AppendOutcome.Appended) throw new InvalidOperationException($"{result}: {Log.LastFailure}");
        Batches.Add(batch);
    }
}
