using Moldau.Protocol.Records;
using Xunit;

namespace Moldau.Unit.Protocol.Records;

/// <summary>Nothing and no bytes are two values, whatever they come from.</summary>
public class RecordBytesTests
{
    [Fact]
    public void What_is_null_stays_null()
    {
        byte[]? none = null;
        RecordBytes[] all = [null, none, default, default(RecordBytes), RecordBytes.Null, RecordBytes.From(null), RecordBytes.From(default(ReadOnlyMemory<byte>?))];

        Assert.All(all, static bytes => Assert.Equal((true, true, -1, 0), (bytes.IsNull, bytes.Bytes.IsNull, bytes.Bytes.Length, bytes.Memory.Length)));
    }

    [Fact]
    public void No_bytes_are_not_null()
    {
        RecordBytes[] all = [Array.Empty<byte>(), default(ReadOnlyMemory<byte>), default(Memory<byte>), new RecordBytes(default), RecordBytes.From(default(ReadOnlyMemory<byte>))];

        Assert.All(all, static bytes => Assert.Equal((false, false, 0, 0), (bytes.IsNull, bytes.Bytes.IsNull, bytes.Bytes.Length, bytes.Memory.Length)));
    }

    [Fact]
    public void It_holds_the_memory_it_was_made_of()
    {
        byte[] array = [1, 2, 3];
        RecordBytes[] all = [array, array.AsMemory(), (ReadOnlyMemory<byte>)array, RecordBytes.From(array)];

        Assert.All(all, bytes => Assert.True(bytes.Memory.Span == array && bytes.Bytes.Span == array));
    }
}
