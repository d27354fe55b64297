using Moldau.Protocol.Messages;
using Moldau.Shared.Messages;
using Xunit;

namespace Moldau.Unit.Protocol.Messages;

/// <summary>
/// Bytes that Kafka wrote, kept under <c>captures/</c> with what they hold. They are made anew by the compatibility
/// tests (see their README).
/// </summary>
public class CaptureTests
{
    public static TheoryData<string> Files => [.. CaptureFolder.Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_bytes_of_Kafka_are_read_and_written_again(string file)
    {
        var wrong = new List<string>();
        foreach (var (line, capture) in CaptureFolder.Read(file).Index())
        {
            if (Compare(capture) is { } difference) wrong.Add($"{file}:{line + 1} {capture.Message} v{capture.Version}: {difference}");
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void Every_version_of_every_message_has_a_capture()
    {
        var captured = CaptureFolder.Names.SelectMany(CaptureFolder.Read).Select(capture => (capture.Message, capture.Version)).ToHashSet();
        var missing = from binding in MessageCatalog.All
                      from version in binding.Versions
                      where !captured.Contains((binding.Definition.Name, version))
                      select $"{binding.Definition.Name} v{version}";

        Assert.Empty(missing);
    }

    private static string? Compare(Capture capture)
    {
        var binding = MessageCatalog.Get(capture.Message);
        var json = new ContentJson(binding.Definition, capture.Version);
        var bytes = Convert.FromHexString(capture.Hex);

        var read = binding.Create();
        MessageBytes.ReadInto(read, bytes, capture.Version);
        var content = json.Write(binding.ContentOf(read, capture.Version));
        if (content != capture.Json) return $"holds\n  {capture.Json}\nand was read as\n  {content}";

        var written = Convert.ToHexStringLower(MessageBytes.Write(binding.Create(json.Read(capture.Json)), capture.Version));
        if (written != capture.Hex) return $"is\n  {capture.Hex}\nand was written as\n  {written}";
        return MessageBytes.Write(read, capture.Version).AsSpan().SequenceEqual(bytes) ? null : "was written otherwise than it was read";
    }
}
