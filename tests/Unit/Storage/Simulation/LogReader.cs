using Moldau.Protocol.Records;
using Moldau.Storage.Logs;

namespace Moldau.Unit.Storage.Simulation;

/// <summary>Reads a log as a transport does, and takes the batches out of what it got.</summary>
internal static class LogReader
{
    /// <summary>All batches that can be read, from the one that holds the start on.</summary>
    public static List<byte[]> ReadAll(PartitionLog log, Random chance)
    {
        var batches = new List<byte[]>();
        for (var offset = log.StartOffset; offset < log.EndOffset;)
        {
            var read = Read(log, offset, chance.Next(3000), long.MaxValue);
            if (read.Count == 0) throw new BrokenGuaranteeException($"{log.Name}: nothing at {offset}, and ends at {log.EndOffset}");
            batches.AddRange(read);
            offset = RecordBatch.Read(read[^1]).LastOffset + 1;
        }

        return batches;
    }

    /// <summary>The whole batches of one read.</summary>
    public static List<byte[]> Read(PartitionLog log, long offset, int maxBytes, long upTo)
    {
        var read = log.Read(offset, maxBytes, upTo);
        if (read.Outcome != LogReadOutcome.Read) throw new BrokenGuaranteeException($"{log.Name}: {read.Outcome} at {offset} of {log.StartOffset} to {log.EndOffset}; {log.DamageAt(offset)?.Reason}");
        using var slice = read.Slice;
        var bytes = new byte[slice.Length];
        if (slice.Read(0, bytes) != bytes.Length) throw new BrokenGuaranteeException($"{log.Name}: a slice of {bytes.Length} bytes at {offset} has fewer");
        var batches = new List<byte[]>();
        var reader = new BatchReader(bytes);
        while (reader.MoveNext())
        {
            reader.Current.EnsureChecksum();
            batches.Add(reader.Current.Bytes.ToArray());
        }

        return batches;
    }
}
