using System.Text;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Storage.Checkpoints;

/// <summary>The two small files that say one thing each: a log's topic, and that a stop was clean.</summary>
public class MarkerFileTests
{
    private static readonly Uuid Id = new(0x0123456789abcdef, 0xfedcba9876543210);

    [Fact]
    public void A_topics_id_that_is_written_is_read()
    {
        var disk = new MemoryFileSystem();
        Assert.Null(PartitionMetadata.Read(disk, PartitionMetadata.FileName));

        new PartitionMetadata(Id).Write(disk, PartitionMetadata.FileName);

        Assert.Equal(Id, PartitionMetadata.Read(disk, PartitionMetadata.FileName)?.TopicId);
    }

    [Theory]
    [InlineData("", "f, line 1: expected version: 0, found ''")]
    [InlineData("version: 1\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ", "f, line 1: expected version: 0, found 'version: 1'")]
    [InlineData("version: 0", "f, line 2: expected topic_id:, found ''")]
    [InlineData("version: 0\ntopic_id: AAAA", "f, line 2: expected a topic's id, found 'AAAA'")]
    [InlineData("version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAA", "f, line 2: expected a topic's id, found 'AAAAAAAAAAAAAAAAAAAAAA'")]
    [InlineData("version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ\nx", "f, line 3: expected the end of the file, found 'x'")]
    public void A_damaged_topics_id_is_refused_with_its_line_and_value(string text, string expected)
    {
        var damaged = Assert.Throws<DamagedFileException>(() => PartitionMetadata.Parse(Encoding.UTF8.GetBytes(text), "f"));

        Assert.StartsWith(expected + "; ", damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_mark_of_a_clean_stop_is_written_read_and_removed()
    {
        var disk = new MemoryFileSystem();
        var marker = new CleanShutdownMarker(disk, CleanShutdownMarker.FileName);
        Assert.Null(marker.Read());

        marker.Write(12);

        Assert.Equal(12, marker.Read());
        marker.Delete();
        Assert.Null(marker.Read());
        Assert.Null(new CleanShutdownMarker(disk.AfterCrash(new Random(3)), CleanShutdownMarker.FileName).Read());
    }

    [Fact]
    public void Fields_that_are_not_known_are_passed_over() =>
        Assert.Equal(5, CleanShutdownMarker.Parse("{ \"more\": [{\"version\":9}], \"version\":0, \"brokerEpoch\" : 5 }\n"u8, "f"));

    [Theory]
    [InlineData("", "f, byte 0: expected JSON, found ''")]
    [InlineData("[]", "f, byte 0: expected {, found '[]'")]
    [InlineData("{\"version\":0", "expected JSON")]
    [InlineData("{\"version\":0,\"brokerEpoch\":1}x", "f, byte 29: expected JSON")]
    [InlineData("{\"version\":1,\"brokerEpoch\":1}", "expected \"version\":0")]
    [InlineData("{\"version\":0}", "expected \"brokerEpoch\"")]
    [InlineData("{\"version\":0,\"brokerEpoch\":\"1\"}", "f, byte 27: expected a whole number")]
    [InlineData("{\"version\":0,\"brokerEpoch\":1.5}", "expected a whole number")]
    [InlineData("\0\0\0\0", "expected JSON")]
    public void A_damaged_mark_is_refused_with_its_byte_and_value(string text, string expected)
    {
        var damaged = Assert.Throws<DamagedFileException>(() => CleanShutdownMarker.Parse(Encoding.UTF8.GetBytes(text), "f"));

        Assert.Contains(expected, damaged.Message, StringComparison.Ordinal);
        Assert.NotNull(damaged.Position);
    }
}
