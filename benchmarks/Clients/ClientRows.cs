using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Clients;

/// <summary>The rows: each size, codec and batch with each other where it says something new, not every one with every other.</summary>
internal static class ClientRows
{
    private const int Linger = 5;
    private const int Small = 100;
    private const int Large = 1024;
    private const double ThreadShare = 0.7;
    private const double EncodingTimes = 1.3;
    private const double OneByte = 1;

    private static readonly Dictionary<ClientKind, double> Uncompressed = new() { [ClientKind.Confluent] = 8, [ClientKind.Librdkafka] = 3, [ClientKind.Dekaf] = 1.2 };
    private static readonly Dictionary<ClientKind, double> AtLimit = new() { [ClientKind.Thread] = ThreadShare };
    private static readonly Dictionary<ClientKind, double> Awaited = new() { [ClientKind.Confluent] = 6, [ClientKind.Dekaf] = 2 };
    private static readonly Dictionary<ClientKind, double> Consumed = new() { [ClientKind.Confluent] = 6, [ClientKind.Dekaf] = 1.2 };

    public static IEnumerable<ClientRow> All() =>
    [
        Produce(Small, false, "none", 16), Produce(Small, false, "none", 64), Produce(Small, false, "none", 1024), Produce(Small, true, "none", 64),
        Produce(Large, false, "none", 16), Produce(Large, false, "none", 64), Produce(Large, false, "none", 1024), Produce(Large, true, "none", 64),
        Produce(Small, false, "lz4", 64), Produce(Small, true, "lz4", 1024), Produce(Large, false, "lz4", 64),
        Produce(Small, false, "zstd", 64), Produce(Large, true, "zstd", 16), Produce(Large, false, "zstd", 1024),
        new("awaited: 1000 at once, 100 B, no linger", Of(ClientWork.Awaited, Small, isKeyed: false, linger: 0)) { Goals = Awaited, Note = "librdkafka keeps as many under way and waits for reports" },
        new("round trip: one at a time, 100 B, no linger", Of(ClientWork.RoundTrip, Small, isKeyed: false, linger: 0)),
        new("transactions: 100 records of 100 B each", Of(ClientWork.Transactions, Small, isKeyed: false, linger: 0)) { Note = "without linger; the broker answers the coordinator's part at once" },
        .. Consume(ClientWork.Consume, "consume: record by record", isKeyed: false),
        .. Consume(ClientWork.ConsumeBatches, "consume: batches, raw", isKeyed: false, OneByte),
        .. Consume(ClientWork.Handle, "consume: a handler", isKeyed: true),
        new("memory: produce 100 B for long", Of(ClientWork.Produce, Small, isKeyed: false, Linger)) { IsLong = true },
        new("memory: consume 100 B for long", Of(ClientWork.ConsumeBatches, Small, isKeyed: false, linger: 0)) { IsLong = true },
    ];

    private static ClientRow Produce(int valueBytes, bool isKeyed, string codec, int batchKiB)
    {
        var name = $"produce: {Size(valueBytes)}{(isKeyed ? " keyed" : "")}, {codec}, {(batchKiB == 1024 ? "1 MiB" : $"{batchKiB} KiB")}";
        var goals = codec != "none" ? [] : valueBytes == Small ? Uncompressed : AtLimit;
        return new ClientRow(name, new ClientTask(ClientWork.Produce, "", valueBytes, isKeyed, codec, batchKiB << 10, Linger)) { Goals = goals, MostEncodingTimes = codec == "none" ? null : EncodingTimes, MostAllocated = OneByte };
    }

    private static IEnumerable<ClientRow> Consume(ClientWork work, string name, bool isKeyed, double? mostAllocated = null)
    {
        foreach (var size in (int[])[Small, Large])
        {
            yield return new ClientRow($"{name}, {Size(size)}", Of(work, size, isKeyed, linger: 0))
            {
                Goals = Consumed,
                MostAllocated = mostAllocated,
                Note = work == ClientWork.ConsumeBatches ? "Confluent.Kafka has only records" : work == ClientWork.Handle ? "librdkafka and Confluent.Kafka have none: a loop" : "",
            };
        }
    }

    private static ClientTask Of(ClientWork work, int valueBytes, bool isKeyed, int linger) => new(work, "", valueBytes, isKeyed, "none", 64 << 10, linger);

    private static string Size(int bytes) => bytes == Large ? "1 KiB" : $"{bytes} B";
}
