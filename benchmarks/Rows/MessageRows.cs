using Moldau.Bench.Harness;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Bench.Rows;

/// <summary>
/// Reading a message into one that was read into before, and measuring and writing it, beside a copy of its bytes: a
/// limit that is far away, since a copy looks at nothing, but that moves with the machine.
/// </summary>
internal static class MessageRows
{
    private static readonly StringCache Strings = new();

    public static IEnumerable<Row> All()
    {
        (string Content, IMessage Message, short Version)[] messages =
        [
            ("1 batch of 16 KiB", SampleMessages.Produce(), 11),
            ("1 partition", SampleMessages.Produced(), 11),
            ("10 partitions", SampleMessages.Fetch(10), 16),
            ("10 partitions of 1 KiB", SampleMessages.Fetched(10), 16),
            ("10 topics", SampleMessages.Metadata(10), 12),
            ("10 topics x 6", SampleMessages.MetadataKnown(10, 6), 12),
            ("", SampleMessages.Versions(), 4),
            ("every API", SampleMessages.VersionsServed(), 4),
            ("", SampleMessages.Heartbeat(), 4),
            ("", new HeartbeatResponse(), 4),
            ("10 partitions", SampleMessages.Commit(10), 9),
            ("20 members", SampleMessages.Joined(20), 9),
        ];
        foreach (var (content, message, version) in messages)
        {
            var frame = MessageBytes.Write(message, version);
            var name = $"{message.Name} v{version}" + (content.Length > 0 ? ", " + content : "");
            yield return Row("read " + name, frame, new Subject(times => Read(message, version, frame, times)));
            var target = new byte[frame.Length];
            yield return Row("write " + name, frame, new Subject(times => Write(message, version, target, times)));
        }
    }

    private static Row Row(string name, byte[] frame, Subject ours)
    {
        var copy = new byte[frame.Length];
        return new Row(name, Unit.NanosecondsPerOperation, ours, new Subject(times => Copy(frame, copy, times)), Goal.NoAllocation)
        {
            Note = $"{frame.Length} B, beside copying them",
        };
    }

    private static void Read(IMessage message, short version, byte[] frame, int times)
    {
        for (; times > 0; times--)
        {
            var reader = new WireReader(frame, Strings);
            message.Read(ref reader, version);
        }
    }

    private static void Write(IMessage message, short version, byte[] target, int times)
    {
        for (; times > 0; times--)
        {
            var writer = new WireWriter(target.AsSpan(0, message.Size(version)));
            message.Write(ref writer, version);
        }
    }

    private static void Copy(byte[] frame, byte[] copy, int times)
    {
        for (; times > 0; times--) frame.AsSpan().CopyTo(copy);
    }
}
