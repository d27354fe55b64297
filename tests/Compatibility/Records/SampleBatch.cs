using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Compatibility.Records;

/// <summary>What a batch is to hold, whoever builds it.</summary>
internal sealed record SampleBatch(string Name, BatchOptions Options, IReadOnlyList<SampleRecord> Records)
{
    /// <summary>The batch as our builder makes it.</summary>
    public byte[] Build(CompressionType compression = CompressionType.None, int? level = null)
    {
        using var builder = new RecordBatchBuilder(compression, level);
        foreach (var record in Records) record.AppendTo(builder);
        return builder.Finish(Options).ToArray();
    }

    /// <summary>What whoever reads the batch must find: its header, and each record.</summary>
    public IEnumerable<string> Lines(CompressionType compression)
    {
        var stamp = Options.LogAppendTime;
        yield return string.Join(
            ';', compression.ToString().ToLowerInvariant(), BatchLines.Flag(stamp is not null), Options.BaseOffset, Records[^1].Offset, Options.LeaderEpoch,
            Options.Producer.ProducerId, Options.Producer.Epoch, Options.Producer.BaseSequence, BatchLines.Flag(Options.IsTransactional),
            BatchLines.Flag(Options.IsControl), stamp ?? Records.Max(record => record.Timestamp));
        foreach (var record in Records) yield return BatchLines.Of(stamp is { } time ? record with { Timestamp = time } : record);
    }
}
