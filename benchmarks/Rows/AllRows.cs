using Moldau.Bench.Harness;
using Moldau.Bench.Rows.Logs;

namespace Moldau.Bench.Rows;

/// <summary>Every row there is, by area. They are made one by one, since some hold much memory.</summary>
internal static class AllRows
{
    public static IEnumerable<Row> Matching(BenchOptions options) =>
        Crc32CRows.All().Concat(MessageRows.All()).Concat(RecordRows.All()).Concat(CodecRows.All()).Concat(MetadataRows.All())
            .Concat(LogAppendRows.All()).Concat(LogReadRows.All()).Concat(LogCommitRows.All()).Concat(LogRecoveryRows.All(options.IsFull))
            .Concat(FolderOpenRows.All(options.IsFull)).Concat(LogCompactionRows.All()).Concat(DiskRows.All()).Concat(CoordinatorRows.All()).Concat(QuotaRows.All()).Concat(ClientConsumeRows.All()).Concat(ClientProduceRows.All())
            .Where(row => row.Name.Contains(options.Filter, StringComparison.OrdinalIgnoreCase));
}
