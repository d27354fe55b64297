using Moldau.Protocol.Checksums;

namespace Moldau.Unit.Protocol.Checksums;

/// <summary>One way to compute it, whether this processor has it, and the shortest input it takes.</summary>
public sealed record Crc32CAlgorithm(string Name, bool IsSupported, int Shortest, Crc32CAlgorithm.Updater Update)
{
    public delegate uint Updater(uint register, ReadOnlySpan<byte> data);

    public static IReadOnlyList<Crc32CAlgorithm> All { get; } =
    [
        new("table", true, 0, TableCrc32C.Update),
        new("instruction", InstructionCrc32C.IsSupported, 0, InstructionCrc32C.Update),
        new("three-way", ThreeWayCrc32C.IsSupported, 0, ThreeWayCrc32C.Update),
        new("wide folding", WideFoldingCrc32C.IsSupported, WideFoldingCrc32C.ShortestWorthwhile, WideFoldingCrc32C.Update),
        new("chosen by length", true, 0, static (register, data) => ~Crc32C.Append(~register, data)),
    ];

    public override string ToString() => Name;
}
