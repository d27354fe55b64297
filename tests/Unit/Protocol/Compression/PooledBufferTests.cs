using Moldau.Protocol.Compression;
using Xunit;

namespace Moldau.Unit.Protocol.Compression;

public class PooledBufferTests
{
    [Fact]
    public void Keeps_what_was_written_while_it_grows()
    {
        using var buffer = new PooledBuffer(initialCapacity: 16);
        for (var i = 0; i < 10_000; i++) buffer.WriteByte((byte)i);

        Assert.Equal(10_000, buffer.Length);
        for (var i = 0; i < buffer.Length; i++) Assert.Equal((byte)i, buffer.WrittenSpan[i]);
    }

    [Fact]
    public void Refuses_to_pass_its_limit_and_keeps_its_content()
    {
        using var buffer = new PooledBuffer(maxLength: 100);
        buffer.Write(new byte[100]);

        var refused = Assert.Throws<BufferLimitException>(() => buffer.WriteByte(1));

        Assert.Equal(101, refused.Needed);
        Assert.Equal(100, refused.Limit);
        Assert.Equal(100, buffer.Length);
    }

    [Fact]
    public void Offers_no_span_past_its_limit()
    {
        using var buffer = new PooledBuffer(maxLength: 100);
        buffer.Write(new byte[90]);

        Assert.Equal(10, buffer.GetSpan().Length);
    }
}
