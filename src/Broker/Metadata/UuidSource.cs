using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Metadata;

/// <summary>Draws ids that nobody else draws. Safe from any thread, which chance itself is not.</summary>
/// <param name="chance">Seeded with something no other process was.</param>
public sealed class UuidSource(Random chance)
{
    private readonly Lock _sync = new();

    /// <summary>No id that Kafka reserves, and none that a command line would take for an option.</summary>
    public Uuid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        while (true)
        {
            lock (_sync) chance.NextBytes(bytes);
            var id = new Uuid(BitConverter.ToUInt64(bytes), BitConverter.ToUInt64(bytes[8..]));
            if (id.High != 0 && !id.ToString().StartsWith('-')) return id;
        }
    }
}
