using System.Buffers;
using System.Text.Json.Serialization;
using Moldau.Client.Serdes;
using Xunit;

namespace Moldau.Unit.Client.Serdes;

public partial class SerdeTests
{
    private static readonly SerdeContext Context = new("orders", IsKey: false);

    [Fact]
    public void What_is_written_is_what_kafka_writes_and_is_read_again()
    {
        Same(Serde.Text, "žluťoučký", "c5be6c75c5a56f75c48d6bc3bd");
        Same(Serde.Int32, -2, "fffffffe");
        Same(Serde.Int64, 258L, "0000000000000102");
        Same(Serde.Int16, (short)-1, "ffff");
        Same(Serde.Single, 1.5f, "3fc00000");
        Same(Serde.Double, -1.5, "bff8000000000000");
        Same(Serde.Guid, Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), Convert.ToHexStringLower("00112233-4455-6677-8899-aabbccddeeff"u8));
        Same(Serde.Bytes, [1, 2], "0102");
        Assert.Equal("""{"Id":7}""", System.Text.Encoding.UTF8.GetString(Written(Serde.Json(Contracts.Default.Order), new Order(7))));
        Same(Serde.Json(Contracts.Default.Order), new Order(7), Convert.ToHexStringLower("""{"Id":7}"""u8));
    }

    [Fact]
    public void Bytes_that_are_no_such_value_are_refused_with_the_topic_and_what_is_wrong()
    {
        Refused(Serde.Text, [0xff], "no UTF-8 text at byte 0");
        Refused(Serde.Int32, [1, 2, 3], "3 bytes, where the value should be an integer of 4");
        Refused(Serde.Guid, new byte[36], "no UUID");
        Refused(Serde.Json(Contracts.Default.Order), "{\"Id\":"u8.ToArray(), "no Order in JSON");
        Refused(Serde.Json(Contracts.Default.Order), "{\"Id\":1} x"u8.ToArray(), "no Order in JSON");
        Refused(Serde.Json(Contracts.Default.Order), "null"u8.ToArray(), "no Order in JSON");
        Refused(Serde.None, [1], "1 bytes, where there should be none");
        var lone = Assert.Throws<SerdeException>(() => Written(Serde.Text, "a\ud800"));
        Assert.Contains("index 1", lone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_in_pieces_is_read_as_one()
    {
        var first = new Piece([0, 0]);
        var last = first.Then([1, 2]);
        Assert.Equal(258, Serde.Int32.Read(new ReadOnlySequence<byte>(first, 0, last, 2), Context));
    }

    [Fact]
    public void A_type_without_a_serde_is_refused_with_what_to_give()
    {
        Assert.Same(Serde.Text, Serde.For<string>());
        Assert.Contains("Serde.Json(YourJsonContext.Default.Order)", Assert.Throws<ArgumentException>(static () => Serde.For<Order>()).Message, StringComparison.Ordinal);
    }

    private static void Same<T>(ISerde<T> serde, T value, string hex)
    {
        var bytes = Written(serde, value);
        Assert.Equal(hex, Convert.ToHexStringLower(bytes));
        Assert.Equal(value, serde.Read(new ReadOnlySequence<byte>(bytes), Context));
    }

    private static void Refused<T>(ISerde<T> serde, byte[] bytes, string told)
    {
        var refused = Assert.Throws<SerdeException>(() => serde.Read(new ReadOnlySequence<byte>(bytes), Context));
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
        Assert.Equal("orders", refused.Where);
        Assert.False(refused.IsTransient);
    }

    private static byte[] Written<T>(ISerde<T> serde, T value)
    {
        var to = new ArrayBufferWriter<byte>();
        serde.Write(value, to, Context);
        return to.WrittenSpan.ToArray();
    }

    internal sealed record Order(int Id);

    [JsonSerializable(typeof(Order))]
    internal sealed partial class Contracts : JsonSerializerContext;

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes) => Memory = bytes;

        public Piece Then(byte[] bytes)
        {
            var next = new Piece(bytes) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
