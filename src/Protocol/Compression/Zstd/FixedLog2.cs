namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Logarithms of table shares in 1/256 bit, to compare the cost of coding tables without floating point.</summary>
internal static class FixedLog2
{
    public const int One = 256;

    /// <summary>The largest argument: the size of the largest table.</summary>
    private const int Max = 1 << 9;

    private static readonly ushort[] Values = Build();

    public static int Of(int value) => Values[value];

    private static ushort[] Build()
    {
        var values = new ushort[Max + 1];
        for (var i = 1; i <= Max; i++) values[i] = (ushort)Math.Round(Math.Log2(i) * One);
        return values;
    }
}
