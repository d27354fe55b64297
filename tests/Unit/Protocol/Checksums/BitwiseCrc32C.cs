namespace Moldau.Unit.Protocol.Checksums;

/// <summary>The definition, a bit at a time: what every algorithm is held against.</summary>
internal static class BitwiseCrc32C
{
    private const uint ReflectedPolynomial = 0x82F63B78;

    /// <summary>The register after one more byte.</summary>
    public static uint Step(uint register, byte value)
    {
        register ^= value;
        for (var bit = 0; bit < 8; bit++) register = (register & 1) == 0 ? register >> 1 : (register >> 1) ^ ReflectedPolynomial;
        return register;
    }

    public static uint Update(uint register, ReadOnlySpan<byte> data)
    {
        foreach (var value in data) register = Step(register, value);
        return register;
    }

    /// <summary>x to the power of <paramref name="exponent"/> modulo the polynomial; the highest bit stands for x^0.</summary>
    public static uint PowerOfX(int exponent)
    {
        var power = 0x80000000u;
        for (; exponent > 0; exponent--) power = (power & 1) == 0 ? power >> 1 : (power >> 1) ^ ReflectedPolynomial;
        return power;
    }
}
