using Moldau.Protocol.Primitives;

namespace Moldau.Storage.Folders;

/// <summary>Ids that nothing else has.</summary>
internal static class RandomId
{
    // Kafka keeps the lowest ones for itself, and its tools take a text that begins with a dash for an option.
    private const ulong Reserved = 100;

    public static Uuid Next(Random chance)
    {
        while (true)
        {
            var id = new Uuid((ulong)chance.NextInt64(long.MinValue, long.MaxValue), (ulong)chance.NextInt64(long.MinValue, long.MaxValue));
            if ((id.High != 0 || id.Low >= Reserved) && id.ToString()[0] != '-') return id;
        }
    }
}
