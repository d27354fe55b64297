using System.Runtime.Intrinsics;
using Moldau.Protocol.Checksums;
using Xunit;

namespace Moldau.Unit.Protocol.Checksums;

public class Crc32CTests
{
    private const int Longest = 4200;

    public static TheoryData<string> Algorithms => new(Crc32CAlgorithm.All.Select(static algorithm => algorithm.Name));

    [Fact]
    public void Gives_the_published_values()
    {
        var ascending = Enumerable.Range(0, 32).Select(static i => (byte)i).ToArray();

        Assert.Equal(0u, Crc32C.Compute([]));
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Compute(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD794Eu, Crc32C.Compute(ascending));
        Assert.Equal(0x113FDB5Cu, Crc32C.Compute(ascending.Reverse().ToArray()));
        Assert.Equal(0xD9963A56u, Crc32C.Compute(IscsiReadCommand));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Every_length_agrees_with_the_definition(string name)
    {
        var algorithm = Supported(name);
        // Every length once, the alignment walking through all sixteen; each alignment meets every length class.
        var data = RandomBytes(seed: 1, Longest + 16);
        const uint start = 0x12345678;
        for (var alignment = 0; alignment < 16; alignment++)
        {
            var register = start;
            for (var length = 0; length <= Longest; length++)
            {
                var isSampled = (length + alignment) % 16 == 0 || length <= 300 || length % 64 <= 1;
                if (length >= algorithm.Shortest && isSampled)
                    Assert.True(register == algorithm.Update(start, data.AsSpan(alignment, length)), $"length {length} at alignment {alignment}");
                if (length < Longest) register = BitwiseCrc32C.Step(register, data[alignment + length]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Long_random_input_agrees_with_the_definition(string name)
    {
        var algorithm = Supported(name);
        var random = new Random(2);
        for (var round = 0; round < 40; round++)
        {
            var data = RandomBytes(random.Next(), random.Next(Longest, 70_000));
            var register = (uint)random.NextInt64();
            Assert.Equal(BitwiseCrc32C.Update(register, data), algorithm.Update(register, data));
        }
    }

    [Fact]
    public void Appending_at_any_split_gives_the_whole()
    {
        var data = RandomBytes(seed: 3, Longest);
        var whole = Crc32C.Compute(data);
        for (var split = 0; split <= data.Length; split++)
            Assert.Equal(whole, Crc32C.Append(Crc32C.Compute(data.AsSpan(0, split)), data.AsSpan(split)));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Sees_every_single_flipped_bit(string name)
    {
        var algorithm = Supported(name);
        var data = RandomBytes(seed: 4, 3 * 1024 + 3 * 128 + 127);
        var whole = algorithm.Update(~0u, data);
        for (var bit = 0; bit < data.Length * 8; bit++)
        {
            data[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(whole, algorithm.Update(~0u, data));
            data[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void The_distances_are_the_powers_they_are_said_to_be()
    {
        Assert.Equal((uint)ThreeWayCrc32C.RegisterDistance.ByOneShort, BitwiseCrc32C.PowerOfX((8 * 128) - 33));
        Assert.Equal((uint)ThreeWayCrc32C.RegisterDistance.ByTwoShort, BitwiseCrc32C.PowerOfX((16 * 128) - 33));
        Assert.Equal((uint)ThreeWayCrc32C.RegisterDistance.ByOneLong, BitwiseCrc32C.PowerOfX((8 * 1024) - 33));
        Assert.Equal((uint)ThreeWayCrc32C.RegisterDistance.ByTwoLong, BitwiseCrc32C.PowerOfX((16 * 1024) - 33));
        Assert.Equal(Folding(128), FoldDistance.By128);
        Assert.Equal(Folding(256), FoldDistance.By256);
        Assert.Equal(Folding(384), FoldDistance.By384);
        Assert.Equal(Folding(512), FoldDistance.By512);
        Assert.Equal(Folding(1024), FoldDistance.By1024);
        Assert.Equal(Folding(1536), FoldDistance.By1536);
        Assert.Equal(Folding(2048), FoldDistance.By2048);
    }

    private static ReadOnlySpan<byte> IscsiReadCommand =>
    [
        0x01, 0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x18,
        0x28, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    ];

    private static Vector128<ulong> Folding(int bits) => Vector128.Create(
        (ulong)BitwiseCrc32C.PowerOfX(bits + 63) << 32,
        (ulong)BitwiseCrc32C.PowerOfX(bits - 1) << 32);

    private static Crc32CAlgorithm Supported(string name)
    {
        var algorithm = Crc32CAlgorithm.All.Single(candidate => candidate.Name == name);
        Assert.SkipUnless(algorithm.IsSupported, $"this processor has no instructions for {name}");
        return algorithm;
    }

    private static byte[] RandomBytes(int seed, int length)
    {
        var data = new byte[length];
        new Random(seed).NextBytes(data);
        return data;
    }
}
