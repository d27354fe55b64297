using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Compaction;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;

namespace Moldau.Compatibility.Storage;

/// <summary>
/// A compacted log of ours on the real disk, and the commands by which <c>java/Compactions.java</c> does the same to one
/// of Kafka's: random batches of keys, values, tombstones and what has no key, of plain, idempotent and transactional
/// producers, and passes in between.
/// </summary>
internal sealed class CompactionScript
{
    public const long DeleteRetention = 60_000;

    private const int SegmentBytes = 8_000;
    private const int Interval = 512;

    private static readonly LogSettings s_settings = new()
    {
        SegmentBytes = SegmentBytes, IndexIntervalBytes = Interval, Compacts = true, Deletes = false, ProducerExpirationMilliseconds = long.MaxValue,
        Compaction = new CompactionSettings { DeleteRetention = DeleteRetention },
    };

    private readonly Random _random;
    private readonly Dictionary<long, int> _sequences = [];
    private readonly SortedSet<long> _open = [];
    private readonly List<string> _fresh = [];
    private readonly LogCleaner _cleaner;

    public CompactionScript(KafkaFiles files, Random random)
    {
        _random = random;
        Folder = files.PathOf("ours-0");
        files.Disk.CreateFolder(Folder);
        Disk = new LogDisk(files.Disk, Clock);
        Log = LogLoader.Load(Disk, Folder, new LogLoadRequest(0, 0, WasClosed: false, 0, s_settings)).Log;
        Log.Opened();
        // What the coordinator of transactions would have confirmed.
        Log.Producers.VerifiesTransactions = false;
        _cleaner = new LogCleaner(new CleanerOptions { IoBufferBytes = 5_000 }, new Throttle(Clock), random);
        Commands.Add($"open {Directory.CreateDirectory(files.PathOf("theirs-0")).FullName} {SegmentBytes} {Interval} {DeleteRetention}");
    }

    public SetClock Clock { get; } = new(LogScript.Start);

    public string Folder { get; }

    public LogDisk Disk { get; }

    public PartitionLog Log { get; }

    public List<string> Commands { get; } = [];

    /// <summary>What is in our log after each pass, in the words of the Java program.</summary>
    public List<List<string>> Shown { get; } = [];

    public void Write(int batches)
    {
        for (var i = 0; i < batches; i++)
        {
            Clock.Milliseconds += _random.Next(100);
            var producer = _random.Next(10);
            if (_open.Contains(producer) && _random.Next(3) == 0) End(producer);
            else Produce(producer);
        }
    }

    /// <summary>Ends what is open, begins a new segment, and compacts all before it.</summary>
    public async Task CompactAsync()
    {
        foreach (var producer in _open.ToArray()) End(producer);
        Log.Roll();
        Log.TryCheckpoint();
        Flush();
        Commands.Add("append " + string.Join(' ', _fresh));
        Commands.Add("roll");
        _fresh.Clear();
        var pass = await _cleaner.RunAsync(new CompactedLog(Log, () => Log.EndOffset, Run), CancellationToken.None);
        if (pass.Outcome != CleaningOutcome.Compacted) throw new InvalidOperationException($"{pass.Outcome}: {pass.Cause}");
        Commands.Add($"compact {pass.Range.FirstDirtyOffset} {pass.Range.FirstUncleanableOffset} {Clock.Milliseconds}");
        Commands.Add("show");
        Shown.Add([$"compacted {pass.CompactedUpTo}", .. CompactionTold.Lines(Log)]);
    }

    /// <summary>A clean stop, as far as one log goes.</summary>
    public void Close()
    {
        Log.TryCheckpoint(closes: true);
        Flush();
        Log.Release();
    }

    private static Task Run(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private void Flush()
    {
        while (Disk.Flusher.RunRound())
        {
        }
    }

    private void End(long producer)
    {
        using var builder = new RecordBatchBuilder();
        new TransactionMarker(_random.Next(2) == 0 ? ControlRecordType.Abort : ControlRecordType.Commit, 0).AppendTo(builder, Clock.Milliseconds);
        var batch = builder.Finish(new BatchOptions { Producer = new ProducerIdentity(producer, 0, -1), IsTransactional = true, IsControl = true }).ToArray();
        Keep(batch, Log.AppendMarker(batch, 0, bumpsEpoch: false));
        _open.Remove(producer);
    }

    private void Produce(long producer)
    {
        using var builder = new RecordBatchBuilder((CompressionType)_random.Next(5));
        var count = _random.Next(1, _random.Next(2, 12));
        var isKeyless = _random.Next(20) == 0;
        for (var i = 0; i < count; i++)
        {
            OptionalBytes key = isKeyless || _random.Next(40) == 0 ? OptionalBytes.Null : Encoding.ASCII.GetBytes($"key-{_random.Next(_random.Next(3) == 0 ? 2000 : 60)}");
            OptionalBytes value = _random.Next(4) == 0 ? OptionalBytes.Null : Encoding.ASCII.GetBytes(new string((char)('a' + _random.Next(26)), _random.Next(60)));
            builder.Append(Clock.Milliseconds + _random.Next(-50, 50), key, value);
        }

        // Up to 3 without a state, 4 to 6 in transactions, the others idempotent; the last two seldom.
        if (producer > 7 && _random.Next(10) > 0) producer = 0;
        var isTransactional = producer is > 3 and < 7;
        var identity = producer < 4 ? ProducerIdentity.None : new ProducerIdentity(producer, 0, _sequences.GetValueOrDefault(producer));
        if (producer >= 4) _sequences[producer] = identity.BaseSequence + count;
        if (isTransactional) _open.Add(producer);
        var batch = builder.Finish(new BatchOptions { Producer = identity, IsTransactional = isTransactional }).ToArray();
        Keep(batch, Log.Append(batch, 0));
    }

    private void Keep(byte[] batch, AppendResult result)
    {
        if (result.Outcome != AppendOutcome.Appended) throw new InvalidOperationException($"{result}: {Log.LastFailure}");
        _fresh.Add(Convert.ToBase64String(batch));
    }
}
