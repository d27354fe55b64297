namespace Moldau.Protocol.Checksums;

/// <summary>
/// CRC-32C (Castagnoli), the checksum of record batches. All algorithms give the same answer; which one is asked is a
/// matter of the processor and of the length, by thresholds that <c>./bench crc</c> measures.
/// <para>The algorithms work on the CRC register; only this class knows that a checksum is its complement.</para>
/// </summary>
public static class Crc32C
{
    public static uint Compute(ReadOnlySpan<byte> data) => ~Update(~0u, data);

    /// <summary>The checksum of the bytes that <paramref name="crc"/> is the checksum of, followed by <paramref name="data"/>.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data) => ~Update(~crc, data);

    private static uint Update(uint register, ReadOnlySpan<byte> data)
    {
        if (WideFoldingCrc32C.IsSupported && data.Length >= WideFoldingCrc32C.ShortestWorthwhile) return WideFoldingCrc32C.Update(register, data);
        if (ThreeWayCrc32C.IsSupported && data.Length >= ThreeWayCrc32C.ShortestWorthwhile) return ThreeWayCrc32C.Update(register, data);
        return InstructionCrc32C.IsSupported ? InstructionCrc32C.Update(register, data) : TableCrc32C.Update(register, data);
    }
}
