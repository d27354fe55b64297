using Moldau.Protocol.Primitives;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Indexes;
using Xunit;

namespace Moldau.Unit.Storage.Checkpoints;

/// <summary>Whatever the bytes: each reader reads them or refuses them as damaged, and never fails otherwise.</summary>
public class DamageTests
{
    private delegate void Reader(ReadOnlySpan<byte> bytes);

    [Fact]
    public void A_file_with_random_damage_is_read_or_refused()
    {
        var random = new Random(20261121);
        Uuid id = new(1, 2);
        (byte[] Sound, Reader Read)[] files =
        [
            (OffsetCheckpoint.Format([new("orders", 0, 17), new("orders", 1, 99)]), bytes => OffsetCheckpoint.Parse(bytes, "f")),
            (LeaderEpochCheckpoint.Format([new(0, 0), new(3, 55)]), bytes => LeaderEpochCheckpoint.Parse(bytes, "f")),
            (new MetaProperties("c", 1, id, 1).ToBytes(), bytes => MetaProperties.Parse(bytes, "f")),
            (new PartitionMetadata(id).ToBytes(), bytes => PartitionMetadata.Parse(bytes, "f")),
            (CleanShutdownMarker.Format(77), bytes => CleanShutdownMarker.Parse(bytes, "f")),
            (new byte[48], bytes => OffsetIndex.Parse(bytes, "f", 0, 1 << 20)),
            (new byte[48], bytes => TimeIndex.Parse(bytes, "f", 0)),
            (new byte[68], bytes => TransactionIndex.Parse(bytes, "f", 0)),
        ];
        foreach (var (sound, read) in files)
        {
            for (var i = 0; i < 4000; i++)
            {
                var bytes = sound.AsSpan(0, random.Next(3) == 0 ? random.Next(sound.Length + 1) : sound.Length).ToArray();
                for (var changes = random.Next(4); changes > 0 && bytes.Length > 0; changes--)
                    bytes[random.Next(bytes.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)"\\\"\n {}0-u"[random.Next(9)];
                try
                {
                    read(bytes);
                }
                catch (DamagedFileException)
                {
                    // As it should be.
                }
            }
        }
    }
}
