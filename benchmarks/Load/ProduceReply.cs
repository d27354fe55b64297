namespace Moldau.Bench.Load;

/// <summary>What the broker said to a produce request.</summary>
internal static class ProduceReply
{
    public static void EnsureTaken(ReadOnlySpan<byte> reply)
    {
        var reader = new WireReader(reply);
        for (var topics = reader.Int32(); topics > 0; topics--)
        {
            reader.SkipText();
            for (var partitions = reader.Int32(); partitions > 0; partitions--)
            {
                var partition = reader.Int32();
                var error = reader.Int16();
                if (error != 0) throw new InvalidOperationException($"partition {partition} answered a produce with error {error}");
                _ = reader.Take(3 * sizeof(long));
                for (var errors = reader.Int32(); errors > 0; errors--)
                {
                    reader.Int32();
                    reader.SkipText();
                }

                reader.SkipText();
            }
        }
    }
}
