using System.Text;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Storage.Checkpoints;

public class OffsetCheckpointTests
{
    [Fact]
    public void What_is_written_is_read()
    {
        var disk = new MemoryFileSystem();
        var checkpoint = new OffsetCheckpoint(disk, OffsetCheckpoint.RecoveryPoint);
        Assert.Empty(checkpoint.Read());
        PartitionOffset[] entries = [new("orders", 0, 0), new("orders", 12, long.MaxValue), new("a.b_c-D", int.MaxValue, 7)];

        checkpoint.Write(entries);

        Assert.Equal(entries, checkpoint.Read());
        checkpoint.Write([]);
        Assert.Empty(checkpoint.Read());
    }

    [Fact]
    public void A_file_that_Kafka_made_and_did_not_fill_has_no_entries() => Assert.Empty(OffsetCheckpoint.Parse([], "f"));

    [Theory]
    [InlineData("1\n0\n", "f, line 1: expected version 0, found '1'")]
    [InlineData("0\n", "f, line 2: expected the number of entries, found 'the end of the file'")]
    [InlineData("0\nx\n", "f, line 2: expected the number of entries, found 'x'")]
    [InlineData("0\n-1\n", "f, line 2: expected the number of entries, found '-1'")]
    [InlineData("0\n2\na 0 1\n", "f, line 2: expected the number of entries, which is 1, found '2'")]
    [InlineData("0\n1\na 0 1\na 1 1\n", "f, line 2: expected the number of entries, which is 2, found '1'")]
    [InlineData("0\n1\na 0 12", "f, line 3: expected the end of the line at the end of the file, found 'a 0 12'")]
    [InlineData("0\n1\na 0\n", "f, line 3: expected topic, partition and offset, found 'a 0'")]
    [InlineData("0\n2\na 0 1\nb/c 0 1\n", "f, line 4: expected a topic's name, found 'b/c'")]
    [InlineData("0\n1\na -1 1\n", "f, line 3: expected a partition, found '-1'")]
    [InlineData("0\n1\na 0 9223372036854775808\n", "f, line 3: expected an offset, found '9223372036854775808'")]
    [InlineData("0\n1\na 0 12\0\0\n", "f, line 3: expected an offset, found '12\0\0'")]
    [InlineData("0\n1\na  0 12\n", "f, line 3: expected topic, partition and offset, found 'a  0 12'")]
    [InlineData("0\n2\na 0 1\na 0 2\n", "f, line 4: expected each partition once, found 'a 0 again'")]
    [InlineData("\0\0\0\n", "f, line 1: expected version 0, found '\0\0\0'")]
    public void A_damaged_file_is_refused_with_its_line_and_value(string text, string expected)
    {
        var damaged = Assert.Throws<DamagedFileException>(() => OffsetCheckpoint.Parse(Encoding.UTF8.GetBytes(text), "f"));

        Assert.StartsWith(expected + "; ", damaged.Message, StringComparison.Ordinal);
        Assert.Equal("f", damaged.Path);
        Assert.NotNull(damaged.Line);
    }

    [Fact]
    public void What_could_not_be_read_back_is_not_written()
    {
        var disk = new MemoryFileSystem();
        var checkpoint = new OffsetCheckpoint(disk, OffsetCheckpoint.Cleaner);
        checkpoint.Write([new("a", 0, 1)]);

        Assert.Throws<ArgumentException>(() => checkpoint.Write([new("a b", 0, 1)]));
        Assert.Throws<ArgumentException>(() => checkpoint.Write([new("a", 0, -1)]));

        Assert.Equal([new PartitionOffset("a", 0, 1)], checkpoint.Read());
    }
}
