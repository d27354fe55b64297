using Moldau.Bench.Harness;

namespace Moldau.Bench.Rows;

/// <summary>Every row there is, by area. They are made one by one, since some hold much memory.</summary>
internal static class AllRows
{
    public static IEnumerable<Row> Matching(string filter) =>
        Crc32CRows.All().Concat(MessageRows.All()).Concat(RecordRows.All()).Concat(CodecRows.All()).Concat(MetadataRows.All())
            .Where(row => row.Name.Contains(filter, StringComparison.OrdinalIgnoreCase));
}
