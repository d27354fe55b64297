using System.Numerics;
using System.Runtime.InteropServices;
using Moldau.Bench.Harness;
using Moldau.Protocol.Checksums;

namespace Moldau.Bench.Rows;

/// <summary>The checksum of record batches beside the plain loop over the processor's instruction.</summary>
internal static class Crc32CRows
{
    // Each result goes into the next, or the processor works on several inputs at once, which no caller has for it.
    private static uint _last;

    public static IEnumerable<Row> All()
    {
        var data = new byte[1 << 20];
        new Random(1).NextBytes(data);
        (int Size, string Name, double Goal)[] sizes =
            [(128, "128 B", 0.9), (1 << 10, "1 KiB", 3), (16 << 10, "16 KiB", 5), (64 << 10, "64 KiB", 5), (1 << 20, "1 MiB", 5)];
        foreach (var (size, name, goal) in sizes)
        {
            yield return new Row(
                $"crc32c {name}",
                Unit.GigabytesPerSecond,
                new Subject(times => Ours(data.AsSpan(0, size), times), size),
                new Subject(times => Loop(data.AsSpan(0, size), times), size),
                new Goal(TimesPeer: goal, BytesPerOperation: 0)) { Note = "beside a loop over BitOperations.Crc32C" };
        }

        foreach (var (name, isSupported, update) in Algorithms())
        {
            if (!isSupported) continue;
            yield return new Row(
                $"crc32c 64 KiB by {name}",
                Unit.GigabytesPerSecond,
                new Subject(times => Repeat(update, data.AsSpan(0, 64 << 10), times), 64 << 10),
                new Subject(times => Loop(data.AsSpan(0, 64 << 10), times), 64 << 10),
                Goal.None) { Note = "what processors without more get" };
        }
    }

    private delegate uint Updater(uint register, ReadOnlySpan<byte> data);

    private static IEnumerable<(string Name, bool IsSupported, Updater Update)> Algorithms() =>
    [
        ("three-way", ThreeWayCrc32C.IsSupported, ThreeWayCrc32C.Update),
        ("instruction", InstructionCrc32C.IsSupported, InstructionCrc32C.Update),
        ("table", true, TableCrc32C.Update),
    ];

    private static void Ours(ReadOnlySpan<byte> data, int times)
    {
        for (; times > 0; times--) _last = Crc32C.Append(_last, data);
    }

    private static void Repeat(Updater update, ReadOnlySpan<byte> data, int times)
    {
        for (; times > 0; times--) _last = update(_last, data);
    }

    private static void Loop(ReadOnlySpan<byte> data, int times)
    {
        for (; times > 0; times--)
        {
            var register = _last;
            foreach (var word in MemoryMarshal.Cast<byte, ulong>(data)) register = BitOperations.Crc32C(register, word);
            _last = register;
        }
    }
}
