using Moldau.Protocol.Primitives;
using Xunit;

namespace Moldau.Unit.Protocol.Primitives;

public class WireTests
{
    [Theory]
    [InlineData(0u, 1)]
    [InlineData(127u, 1)]
    [InlineData(128u, 2)]
    [InlineData(16_383u, 2)]
    [InlineData(16_384u, 3)]
    [InlineData(2_097_151u, 3)]
    [InlineData(2_097_152u, 4)]
    [InlineData(268_435_455u, 4)]
    [InlineData(268_435_456u, 5)]
    [InlineData(uint.MaxValue, 5)]
    public void A_varint_has_its_size_and_comes_back(uint value, int size)
    {
        var bytes = new byte[5];
        var writer = new WireWriter(bytes);
        writer.WriteUnsignedVarint(value);

        Assert.Equal(size, writer.Position);
        Assert.Equal(size, WireSize.UnsignedVarint(value));
        Assert.Equal(value, new WireReader(bytes).ReadUnsignedVarint("f"));
    }

    [Theory]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x10 })]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 })]
    public void A_varint_that_is_cut_off_or_too_long_is_refused(byte[] bytes) =>
        Assert.Throws<MalformedMessageException>(() => new WireReader(bytes).ReadUnsignedVarint("f"));

    [Fact]
    public void An_error_tells_the_field_the_value_and_the_place()
    {
        byte[] bytes = [0, 0, 0x7F, 0xFF, 0xFF, 0xFF];
        var refused = Assert.Throws<MalformedMessageException>(() =>
        {
            var reader = new WireReader(bytes);
            reader.ReadInt16("Some.Field");
            reader.ReadPresentArrayLength(compact: false, 1, "Some.List");
        });

        Assert.Equal("Some.List", refused.Field);
        Assert.Equal(6, refused.Position);
        Assert.Contains("2147483647", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_000_001, 1)] // over the limit
    [InlineData(101, 1)] // more elements than bytes left
    [InlineData(51, 2)]
    [InlineData(-2, 1)]
    public void An_array_that_cannot_be_true_is_refused(int count, int minElementSize)
    {
        var bytes = new byte[104];
        new WireWriter(bytes).WriteInt32(count);

        Assert.Throws<MalformedMessageException>(() => new WireReader(bytes).ReadArrayLength(compact: false, minElementSize, "f"));
    }

    [Fact]
    public void An_array_over_a_million_is_refused_though_its_bytes_are_there()
    {
        var bytes = new byte[WireLimits.MaxArrayElements + 5];
        new WireWriter(bytes).WriteInt32(WireLimits.MaxArrayElements + 1);
        Assert.Throws<MalformedMessageException>(() => new WireReader(bytes).ReadArrayLength(compact: false, 1, "f"));

        new WireWriter(bytes).WriteInt32(WireLimits.MaxArrayElements);
        Assert.Equal(WireLimits.MaxArrayElements, new WireReader(bytes).ReadArrayLength(compact: false, 1, "f"));
    }

    [Fact]
    public void Ten_thousand_tagged_fields_are_the_limit()
    {
        Assert.Equal(10_000, new WireReader(Varint(10_000)).ReadTagCount("f"));
        Assert.Throws<MalformedMessageException>(() => new WireReader(Varint(10_001)).ReadTagCount("f"));
    }

    [Fact]
    public void A_string_is_held_to_its_limit_in_both_forms()
    {
        var longest = new string('x', WireLimits.MaxStringBytes);
        Assert.Equal(WireLimits.MaxStringBytes + 3, WireSize.String(longest, compact: true, "f"));
        Assert.Throws<InvalidOperationException>(() => WireSize.String(longest + "x", compact: true, "f"));

        var tooLong = new byte[40_010];
        new WireWriter(tooLong).WriteUnsignedVarint(40_001);
        Assert.Throws<MalformedMessageException>(() => new WireReader(tooLong).ReadString(compact: true, "f"));
    }

    [Fact]
    public void Strings_from_a_cache_are_the_same_and_equal_those_without()
    {
        var cache = new StringCache();
        foreach (var text in new[] { "orders", "a-topic.with_marks", "žluťoučký kůň", "😀", "", new string('a', 300) })
        {
            var bytes = new byte[2000];
            new WireWriter(bytes).WriteString(text, compact: true);

            var first = new WireReader(bytes, cache).ReadString(compact: true, "f");
            var again = new WireReader(bytes, cache).ReadString(compact: true, "f");

            Assert.Equal(text, first);
            Assert.Equal(text, again);
            if (text == "orders") Assert.Same(first, again);
        }
    }

    [Fact]
    public void Two_texts_of_one_slot_do_not_become_one()
    {
        var cache = new StringCache();
        var random = new Random(7);
        var bytes = new byte[12];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            for (var j = 0; j < bytes.Length; j++) bytes[j] = (byte)('a' + bytes[j] % 26);
            Assert.Equal(System.Text.Encoding.ASCII.GetString(bytes), cache.Get(bytes));
        }
    }

    [Fact]
    public void An_id_is_written_as_Kafka_writes_it()
    {
        Assert.Equal("AAAAAAAAAAAAAAAAAAAAAA", Uuid.Zero.ToString());
        Assert.Equal("__________________________"[..21] + "w", new Uuid(ulong.MaxValue, ulong.MaxValue).ToString());

        var random = new Random(3);
        for (var i = 0; i < 100; i++)
        {
            var id = new Uuid((ulong)random.NextInt64(), (ulong)random.NextInt64());
            Assert.True(Uuid.TryParse(id.ToString(), out var back));
            Assert.Equal(id, back);
        }

        Assert.False(Uuid.TryParse("too short", out _));
        Assert.False(Uuid.TryParse("AAAAAAAAAAAAAAAAAAAA+A", out _));
    }

    [Fact]
    public void A_list_that_is_cleared_gives_its_elements_back()
    {
        var list = new WireList<object>();
        var kept = new object();
        list.Add(kept);
        list.Clear();

        Assert.True(list.TryReuse(out var again));
        Assert.Same(kept, again);
        Assert.False(list.TryReuse(out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => list[1]);
    }

    private static byte[] Varint(uint value)
    {
        var bytes = new byte[5];
        new WireWriter(bytes).WriteUnsignedVarint(value);
        return bytes;
    }
}
