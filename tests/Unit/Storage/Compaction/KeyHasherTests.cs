using Moldau.Storage.Compaction;
using Xunit;

namespace Moldau.Unit.Storage.Compaction;

public class KeyHasherTests
{
    // What openssl mac -macopt size:16 SIPHASH says of the bytes 0, 1, 2, ... under the secret 0, 1, ... 15.
    [Theory]
    [InlineData(0, "A3817F04BA25A8E66DF67214C7550293")]
    [InlineData(1, "DA87C1D86B99AF44347659119B22FC45")]
    [InlineData(2, "8177228DA4A45DC7FCA38BDEF60AFFE4")]
    [InlineData(3, "9C70B60C5267A94E5F33B6B02985ED51")]
    [InlineData(7, "A1F1EBBED8DBC153C0B84AA61FF08239")]
    [InlineData(8, "3B62A9BA6258F5610F83E264F31497B4")]
    [InlineData(15, "5493E99933B0A8117E08EC0F97CFC3D9")]
    [InlineData(16, "6EE2A4CA67B054BBFD3315BF85230577")]
    [InlineData(17, "473D06E8738DB89854C066C47AE47740")]
    [InlineData(32, "7C3956CA5EEAFC3E363E9D556546EB68")]
    [InlineData(63, "5150D1772F50834A503E069A973FBD7C")]
    public void It_is_SipHash_of_128_bits(int length, string expected)
    {
        var hash = new KeyHasher(Bytes(16)).Hash(Bytes(length));

        Assert.Equal(expected, Convert.ToHexString([.. BitConverter.GetBytes(hash.First), .. BitConverter.GetBytes(hash.Second)]));
    }

    [Fact]
    public void Another_secret_gives_another_hash()
    {
        var chance = new Random(1);

        Assert.NotEqual(KeyHasher.Draw(chance).Hash("key"u8), KeyHasher.Draw(chance).Hash("key"u8));
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++) bytes[i] = (byte)i;
        return bytes;
    }
}
