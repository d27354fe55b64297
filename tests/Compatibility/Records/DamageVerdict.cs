using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Compatibility.Records;

/// <summary>What both sides say to one damaged batch: 'sound', or the refusal.</summary>
internal sealed record DamageVerdict(DamagedBatch Batch, string Ours, string Theirs)
{
    public const string Sound = "sound";

    private const int MaxContent = 16 << 20;

    public bool IsAlike => (Ours == Sound) == (Theirs == Sound);

    public bool IsOurChecksum => Ours.StartsWith($"refused {BatchFault.BadChecksum}", StringComparison.Ordinal);

    public bool IsTheirChecksum => Theirs.Contains("Record is corrupt (stored crc", StringComparison.Ordinal);

    /// <summary>What our classes say to a batch that a producer sent.</summary>
    public static string JudgeOurselves(ReadOnlySpan<byte> bytes)
    {
        using var scratch = new PooledBuffer(maxLength: MaxContent);
        try
        {
            var batches = new BatchReader(bytes);
            if (!batches.MoveNext()) return "refused: not one whole batch";
            batches.Current.EnsureChecksum();
            batches.Current.EnsureRecords(scratch);
            return batches.MoveNext() ? "refused: more than one batch" : Sound;
        }
        catch (InvalidBatchException refusal)
        {
            return $"refused {refusal.Fault}: {refusal.Message}";
        }
    }

    public override string ToString() => $"{Batch.Fault}\n  we:    {Ours}\n  Kafka: {Theirs}";
}
