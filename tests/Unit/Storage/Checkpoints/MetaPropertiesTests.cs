using System.Text;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Storage.Checkpoints;

public class MetaPropertiesTests
{
    private static readonly Uuid Id = new(0x0123456789abcdef, 0xfedcba9876543210);

    [Fact]
    public void What_is_written_is_read()
    {
        var disk = new MemoryFileSystem();
        Assert.Null(MetaProperties.Read(disk, MetaProperties.FileName));
        var ours = new MetaProperties("a = cluster: ü ", 7, Id, MetaProperties.CurrentFormat);

        ours.Write(disk, MetaProperties.FileName);

        Assert.Equal(ours, MetaProperties.Read(disk, MetaProperties.FileName));
    }

    [Fact]
    public void A_folder_of_Kafka_has_no_format_of_ours()
    {
        var text = $"#\n#Sat Nov 21 11:00:00 UTC 2026\ncluster.id=abc\nversion=1\ndirectory.id={Id}\nnode.id=3\n";

        Assert.Equal(new MetaProperties("abc", 3, Id, null), MetaProperties.Parse(Encoding.ASCII.GetBytes(text), "f"));
    }

    [Fact]
    public void Comments_escapes_continuations_and_separators_are_Javas()
    {
        var text = "! comment\\\n # another\r\n\tver\\\n   sion : 1\rcluster.id\t\\u0061b\\\n\n  node.id  5\n" + "key\\ with\\=all\\:\\n\\t\\q = \\ v \\\\\n";

        var properties = JavaProperties.Parse(Encoding.Latin1.GetBytes(text), "f");

        Assert.Equal(new JavaProperties.Setting("1", 3), properties["version"]);
        Assert.Equal("ab", properties["cluster.id"].Value);
        Assert.Equal("5", properties["node.id"].Value);
        Assert.Equal(" v \\", properties["key with=all:\n\tq"].Value);
    }

    [Theory]
    [InlineData("cluster.id=a\nnode.id=1\n", "f, line 1: expected a line with version, found 'none in the whole file'")]
    [InlineData("version=0\nbroker.id=1\n", "f, line 1: expected version=1, found '0'")]
    [InlineData("version=1\nnode.id=1\n", "f, line 1: expected a line with cluster.id")]
    [InlineData("version=1\ncluster.id=\nnode.id=1\n", "f, line 2: expected a cluster's id, found ''")]
    [InlineData("version=1\ncluster.id=a\nnode.id=-1\n", "f, line 3: expected a node's id, found '-1'")]
    [InlineData("version=1\ncluster.id=a\nnode.id=1\ndirectory.id=x\n", "f, line 4: expected a directory's id, found 'x'")]
    [InlineData("version=1\ncluster.id=a\nnode.id=1\nmoldau.format=\n", "f, line 4: expected a format's number, found ''")]
    [InlineData("version=1\ncluster.id=\\u00g0\n", "f, line 2: expected four hexadecimal digits behind \\u, found '00g0'")]
    public void A_damaged_file_is_refused_with_its_line_and_value(string text, string expected)
    {
        var damaged = Assert.Throws<DamagedFileException>(() => MetaProperties.Parse(Encoding.ASCII.GetBytes(text), "f"));

        Assert.StartsWith(expected, damaged.Message, StringComparison.Ordinal);
    }
}
