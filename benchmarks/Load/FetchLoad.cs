using System.Diagnostics;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Bench.Load;

/// <summary>
/// Reads partitions from their starts, over and over, checking and walking every batch. Two connections share them, so that
/// one reply is decoded while the other is sent.
/// </summary>
/// <param name="port">Of the broker.</param>
/// <param name="topic">What is read.</param>
/// <param name="partitions">How many it has.</param>
/// <param name="isFollowing">Whether it stays at the end, as a topic is written to, and does not begin again.</param>
/// <param name="speaksTls">Whether the port is one of TLS.</param>
internal sealed class FetchLoad(int port, string topic, int partitions, bool isFollowing = false, bool speaksTls = false) : IDisposable
{
    private const short OffsetOutOfRange = 1;
    private const int PartitionBytes = 1 << 20;
    private const int WaitMilliseconds = 500;
    private const int ReplyBytes = 8 << 20;

    private readonly PooledBuffer _scratch = new(1 << 20);
    private long _records;
    private long _bytes;

    /// <summary>For so long, from the starts again at the ends.</summary>
    public LoadResult Run(TimeSpan duration) => Run(duration.TotalSeconds, long.MaxValue);

    /// <summary>Each record once.</summary>
    public LoadResult RunOnce(long records) => Run(double.MaxValue, records);

    public void Dispose() => _scratch.Dispose();

    private LoadResult Run(double mostSeconds, long mostRecords)
    {
        (_records, _bytes) = (0, 0);
        var readers = new List<PartitionSet>();
        for (var i = 0; i < Math.Min(2, partitions); i++) readers.Add(new PartitionSet(new LoadConnection(port, ReplyBytes, speaksTls), [.. Enumerable.Range(0, partitions).Where(partition => partition % 2 == i)]));
        try
        {
            var started = Stopwatch.GetTimestamp();
            foreach (var reader in readers) Ask(reader);
            while (true)
            {
                foreach (var reader in readers)
                {
                    Take(reader);
                    var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                    if (seconds >= mostSeconds || _records >= mostRecords) return new LoadResult(_records, seconds, []);
                    Ask(reader);
                }
            }
        }
        finally
        {
            foreach (var reader in readers) reader.Connection.Dispose();
        }
    }

    private void Ask(PartitionSet reader)
    {
        for (var i = 0; i < reader.Partitions.Length; i++) reader.Asked[i] = (reader.Partitions[i], reader.Offsets[i]);
        reader.Connection.Send(Wire.Fetch(topic, reader.Asked, PartitionBytes, WaitMilliseconds).Finish());
    }

    private void Take(PartitionSet reader)
    {
        var reply = new WireReader(reader.Connection.Receive());
        reply.Int32();
        Ensure(reply.Int16());
        reply.Int32();
        for (var topics = reply.Int32(); topics > 0; topics--)
        {
            reply.SkipText();
            for (var count = reply.Int32(); count > 0; count--)
            {
                var place = Array.IndexOf(reader.Partitions, reply.Int32());
                var error = reply.Int16();
                var isOvertaken = isFollowing && error == OffsetOutOfRange;
                if (!isOvertaken) Ensure(error);
                var highWatermark = reply.Int64();
                _ = reply.Take(2 * sizeof(long));
                var aborted = reply.Int32();
                if (aborted > 0) _ = reply.Take(aborted * 2 * sizeof(long));
                reply.Int32();
                var batches = reply.Take(Math.Max(0, reply.Int32()));
                // Retention was faster: on with what was the end when it was last seen.
                var next = isOvertaken ? reader.Ends[place] : batches.IsEmpty ? reader.Offsets[place] : Walk(batches, reader.Offsets[place]);
                if (!isOvertaken) reader.Ends[place] = highWatermark;
                // From the start again, before a fetch at the end would wait for more.
                reader.Offsets[place] = !isFollowing && next >= highWatermark ? 0 : next;
            }
        }
    }

    /// <returns>The offset behind what was read.</returns>
    private long Walk(ReadOnlySpan<byte> bytes, long offset)
    {
        var batches = new BatchReader(bytes);
        while (batches.MoveNext())
        {
            var batch = batches.Current;
            batch.EnsureChecksum();
            var records = batch.GetRecords(_scratch);
            while (records.MoveNext())
            {
                _bytes += records.Value.Length;
                _records++;
            }

            offset = batch.LastOffset + 1;
        }

        return offset;
    }

    private static void Ensure(short error)
    {
        if (error != 0) throw new InvalidOperationException($"a fetch was answered with error {error}");
    }

    private sealed class PartitionSet(LoadConnection connection, int[] partitions)
    {
        public LoadConnection Connection { get; } = connection;

        public int[] Partitions { get; } = partitions;

        public long[] Offsets { get; } = new long[partitions.Length];

        public long[] Ends { get; } = new long[partitions.Length];

        public (int Partition, long Offset)[] Asked { get; } = new (int, long)[partitions.Length];
    }
}
