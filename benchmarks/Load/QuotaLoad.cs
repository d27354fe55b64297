using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Bench.Rows.Logs;
using Moldau.Broker;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Client.Serdes;
using Moldau.Storage.Files;

namespace Moldau.Bench.Load;

/// <summary>A broker with a producer and a consumer that are limited, and a producer that is not; how fast each is is counted by its own client.</summary>
internal sealed class QuotaLoad : IAsyncDisposable
{
    private const string Limited = "limited";
    private const double Megabyte = 1_000_000;
    private const int RecordBytes = 1_000;
    private const int BatchBytes = 50_000;
    // What an unlimited producer sends a second: enough to be missed, and little enough to leave the machine to the others.
    private const int FreeRecords = 4_000;

    private readonly BenchFolder _folder = new();
    private readonly BrokerServer _broker;
    private readonly KafkaClient _free;
    private readonly KafkaClient _limited;
    private readonly CancellationTokenSource _stopping = new();
    private long _written;
    private long _read;
    private long _freeWritten;

    private QuotaLoad(BrokerServer broker, BenchFolder folder)
    {
        (_broker, _folder) = (broker, folder);
        _free = new KafkaClient(new KafkaClientOptions { Bootstrap = broker.Addresses[0].ToString(), ClientId = "free" });
        _limited = new KafkaClient(new KafkaClientOptions { Bootstrap = broker.Addresses[0].ToString(), ClientId = Limited });
    }

    public static QuotaLoadResult Run() => RunAsync().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _free.DisposeAsync();
        await _limited.DisposeAsync();
        await _broker.DisposeAsync();
        _folder.Dispose();
        _stopping.Dispose();
    }

    private static async Task<QuotaLoadResult> RunAsync()
    {
        var folder = new BenchFolder();
        var broker = await BrokerServer.StartAsync(new BrokerOptions
        {
            Disk = new DiskFileSystem(), Clock = TimeProvider.System, Chance = new Random(1), Logs = NullLoggerFactory.Instance,
            Settings = new Dictionary<string, string> { ["log.dirs"] = folder["data"], ["listeners"] = "PLAINTEXT://127.0.0.1:0", ["node.id"] = "1", ["moldau.durability"] = "page-cache" },
        });
        await using var load = new QuotaLoad(broker, folder);
        return await load.MeasureAsync();
    }

    private async Task<QuotaLoadResult> MeasureAsync()
    {
        await _free.Topics.CreateAsync([new NewTopic("read") { Partitions = 1 }, new NewTopic("written") { Partitions = 1 }, new NewTopic("free") { Partitions = 1 }]);
        await FillAsync();
        var free = WriteFreelyAsync();
        await Task.Delay(2_000);
        var alone = await RateAsync(() => Volatile.Read(ref _freeWritten), 5);

        await LimitAsync(1);
        var loads = Task.WhenAll(free, WriteAsync(), ReadAsync());
        var beside = Volatile.Read(ref _freeWritten);
        var (written, read) = await RatesAsync(30);
        var freeBeside = (Volatile.Read(ref _freeWritten) - beside) / Megabyte / 30;
        await LimitAsync(2);
        await Task.Delay(2_000);
        var (writtenAfter, readAfter) = await RatesAsync(10);
        await _stopping.CancelAsync();
        try
        {
            await loads;
        }
        catch (OperationCanceledException)
        {
            // As they were told.
        }

        return new QuotaLoadResult(written, read, writtenAfter, readAfter, freeBeside / alone);
    }

    private Task LimitAsync(double megabytes) => _free.Quotas.AlterAsync(
        new QuotaTarget(new Dictionary<string, string?> { ["client-id"] = Limited }), new Dictionary<string, double?> { ["producer_byte_rate"] = megabytes * Megabyte, ["consumer_byte_rate"] = megabytes * Megabyte });

    private async Task<(double Written, double Read)> RatesAsync(int seconds)
    {
        var (written, read) = (Volatile.Read(ref _written), Volatile.Read(ref _read));
        var since = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var passed = Stopwatch.GetElapsedTime(since).TotalSeconds * Megabyte;
        return ((Volatile.Read(ref _written) - written) / passed, (Volatile.Read(ref _read) - read) / passed);
    }

    private static async Task<double> RateAsync(Func<long> count, int seconds)
    {
        var (before, since) = (count(), Stopwatch.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        return (count() - before) / Megabyte / Stopwatch.GetElapsedTime(since).TotalSeconds;
    }

    private async Task FillAsync()
    {
        await using var producer = _free.CreateProducer(new ProducerOptions { BatchBytes = BatchBytes });
        var value = new byte[RecordBytes];
        // More than is read in all.
        for (var i = 0; i < 80_000; i++) await producer.EnqueueAsync("read", new OutgoingRecord { Value = value });
        await producer.FlushAsync();
    }

    private async Task WriteFreelyAsync()
    {
        await using var producer = _free.CreateProducer(new ProducerOptions { BatchBytes = BatchBytes });
        var value = new byte[RecordBytes];
        var started = Stopwatch.GetTimestamp();
        for (var sent = 0L; !_stopping.IsCancellationRequested;)
        {
            for (var i = 0; i < FreeRecords / 20; i++, sent++) await producer.EnqueueAsync("free", new OutgoingRecord { Value = value }, _stopping.Token);
            await producer.FlushAsync(_stopping.Token);
            Volatile.Write(ref _freeWritten, (sent) * RecordBytes);
            var ahead = ((double)sent / FreeRecords) - Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (ahead > 0) await Task.Delay(TimeSpan.FromSeconds(ahead), _stopping.Token);
        }
    }

    private async Task WriteAsync()
    {
        await using var producer = _limited.CreateProducer(new ProducerOptions { BatchBytes = BatchBytes });
        var value = new byte[RecordBytes];
        while (!_stopping.IsCancellationRequested)
        {
            for (var i = 0; i < BatchBytes / RecordBytes; i++) await producer.EnqueueAsync("written", new OutgoingRecord { Value = value }, _stopping.Token);
            await producer.FlushAsync(_stopping.Token);
            Interlocked.Add(ref _written, BatchBytes);
        }
    }

    private async Task ReadAsync()
    {
        await using var consumer = _limited.CreateConsumer<None, None>(new ConsumerOptions { Topics = ["read"] });
        await foreach (var batch in consumer.ReadBatchesAsync(_stopping.Token)) Interlocked.Add(ref _read, (long)batch.Count * RecordBytes);
    }
}
