using System.Text;
using Moldau.Compatibility.Kafka;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Checkpoints;
using Xunit;

namespace Moldau.Compatibility.Storage;

/// <summary>The small text files beside the logs: each side reads what the other has written.</summary>
public class CheckpointFileTests(ITestOutputHelper output)
{
    private const int Samples = 100;

    [Fact]
    public async Task Offset_checkpoints_are_Kafkas()
    {
        KafkaJars.Require();
        var random = TestSeed.For(nameof(Offset_checkpoints_are_Kafkas));
        using var kafka = new KafkaFiles();
        var samples = new List<(int Read, PartitionOffset[] Entries)>();
        for (var i = 0; i < Samples; i++)
        {
            var entries = Enumerable.Range(0, i).Select(_ => new PartitionOffset(Topic(random), random.Next(1000), random.NextInt64()))
                .DistinctBy(entry => (entry.Topic, entry.Partition)).ToArray();
            new OffsetCheckpoint(kafka.Disk, kafka.PathOf($"ours{i}")).Write(entries);
            kafka.Ask(["checkpoint", "write", kafka.PathOf($"theirs{i}"), .. entries.Select(Line)]);
            samples.Add((kafka.Ask("checkpoint", "read", kafka.PathOf($"ours{i}")), entries));
        }

        var answers = await kafka.AnswersAsync("Kafka's offset checkpoints");

        output.WriteLine($"{TestSeed.Text}: {Samples} files each way");
        for (var i = 0; i < Samples; i++)
        {
            var (read, entries) = samples[i];
            Assert.Equal($"[{string.Join(' ', entries.Select(Line).Order(StringComparer.Ordinal))}]", answers[read]);
            Assert.Equal(entries.ToHashSet(), new OffsetCheckpoint(kafka.Disk, kafka.PathOf($"theirs{i}")).Read().ToHashSet());
        }

        static string Line(PartitionOffset entry) => $"{entry.Topic}:{entry.Partition}:{entry.Offset}";
    }

    /// <summary>We may be stricter than Kafka about a damaged checkpoint, never looser, and never read other offsets.</summary>
    [Fact]
    public async Task Of_damaged_checkpoints_we_read_none_that_Kafka_refuses()
    {
        KafkaJars.Require();
        var random = TestSeed.For(nameof(Of_damaged_checkpoints_we_read_none_that_Kafka_refuses));
        using var kafka = new KafkaFiles();
        var ours = new List<string?>();
        for (var i = 0; i < 1500; i++)
        {
            var bytes = OffsetCheckpoint.Format([new("a", 0, 12), new("b.c", 13, 345)]);
            for (var changes = random.Next(1, 3); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)"0123 \n\r\t-+.ab\0"[random.Next(14)];
            if (random.Next(4) == 0) bytes = bytes[..random.Next(bytes.Length)];
            File.WriteAllBytes(kafka.PathOf($"f{i}"), bytes);
            kafka.Ask("checkpoint", "read", kafka.PathOf($"f{i}"));
            ours.Add(Read(bytes));
        }

        var answers = await kafka.AnswersAsync("Kafka's reading of damaged checkpoints");

        var both = 0;
        for (var i = 0; i < answers.Count; i++)
        {
            if (ours[i] is not { } read) continue;
            both++;
            Assert.True(read == answers[i], $"{TestSeed.Text}, file {i}: Kafka's {answers[i]}, ours {read}");
        }

        output.WriteLine($"{TestSeed.Text}: {answers.Count} files, {both} read by both, {answers.Count(answer => answer[0] == '[') - both} by Kafka only");
        Assert.InRange(both, 1, answers.Count - 1);

        static string? Read(byte[] bytes)
        {
            try
            {
                var entries = OffsetCheckpoint.Parse(bytes, "f").Select(entry => $"{entry.Topic}:{entry.Partition}:{entry.Offset}");
                return $"[{string.Join(' ', entries.Order(StringComparer.Ordinal))}]";
            }
            catch (DamagedFileException)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task Ids_and_marks_are_Kafkas()
    {
        KafkaJars.Require();
        var random = TestSeed.For(nameof(Ids_and_marks_are_Kafkas));
        using var kafka = new KafkaFiles();
        var samples = new List<(MetaProperties Meta, Uuid Topic, long Epoch)>();
        for (var i = 0; i < Samples; i++)
        {
            var meta = new MetaProperties(Topic(random), random.Next(), random.Next(4) == 0 ? null : Id(random), MetaProperties.CurrentFormat);
            var (topic, epoch) = (Id(random), random.NextInt64());
            foreach (var side in new[] { "ours", "theirs" }) Directory.CreateDirectory(kafka.PathOf(side + i));
            meta.Write(kafka.Disk, kafka.PathOf($"ours{i}/meta.properties"));
            new PartitionMetadata(topic).Write(kafka.Disk, kafka.PathOf($"ours{i}/partition.metadata"));
            new CleanShutdownMarker(kafka.Disk, kafka.PathOf($"ours{i}/{CleanShutdownMarker.FileName}")).Write(epoch);
            kafka.Ask("meta", "read", kafka.PathOf($"ours{i}/meta.properties"));
            kafka.Ask("partition", "read", kafka.PathOf($"ours{i}/partition.metadata"));
            kafka.Ask("shutdown", "read", kafka.PathOf($"ours{i}"));
            kafka.Ask("meta", "write", kafka.PathOf($"theirs{i}/meta.properties"), meta.ClusterId, meta.NodeId, meta.DirectoryId?.ToString() ?? "-");
            kafka.Ask("partition", "write", kafka.PathOf($"theirs{i}/partition.metadata"), topic);
            kafka.Ask("shutdown", "write", kafka.PathOf($"theirs{i}"), epoch);
            samples.Add((meta, topic, epoch));
        }

        var answers = await kafka.AnswersAsync("Kafka's ids and marks");

        output.WriteLine($"{TestSeed.Text}: {Samples} folders each way");
        for (var i = 0; i < Samples; i++)
        {
            var (meta, topic, epoch) = samples[i];
            Assert.Equal([$"{meta.ClusterId} {meta.NodeId} {meta.DirectoryId?.ToString() ?? "-"}", topic.ToString(), $"{epoch}", "ok", "ok", "ok"], answers.Skip(i * 6).Take(6));
            Assert.Equal(meta with { Format = null }, MetaProperties.Read(kafka.Disk, kafka.PathOf($"theirs{i}/meta.properties")));
            Assert.Equal(topic, PartitionMetadata.Read(kafka.Disk, kafka.PathOf($"theirs{i}/partition.metadata"))?.TopicId);
            Assert.Equal(epoch, new CleanShutdownMarker(kafka.Disk, kafka.PathOf($"theirs{i}/{CleanShutdownMarker.FileName}")).Read());
            foreach (var name in new[] { PartitionMetadata.FileName, CleanShutdownMarker.FileName })
                Assert.Equal(Encoding.UTF8.GetString(kafka.Bytes($"theirs{i}/{name}")), Encoding.UTF8.GetString(kafka.Bytes($"ours{i}/{name}")));
        }
    }

    [Fact]
    public async Task Properties_are_read_as_Java_reads_them()
    {
        KafkaJars.Require();
        var random = TestSeed.For(nameof(Properties_are_read_as_Java_reads_them));
        using var kafka = new KafkaFiles();
        var ours = new List<string>();
        for (var i = 0; i < 2000; i++)
        {
            byte[] bytes;
            if (i % 2 == 0)
            {
                var text = Any(random, "ab\\\\\\=:#! \t\f\n\n\r\u00e9u0041\\u0041", random.Next(60));
                // A line that goes on where the file ends: Java's reader makes an empty key of it after one kind of line end
                // and nothing after another.
                if (text.TrimEnd('\r', '\n').EndsWith('\\')) text += "a";
                bytes = Encoding.Latin1.GetBytes(text);
                ours.Add(Read(bytes));
            }
            else
            {
                var written = Enumerable.Range(0, 3).Select(k => KeyValuePair.Create(k + Any(random, "a =:#!\\\n\r\t\f\u00e9\u20ac\u0001", 5), Any(random, "a =:#!\\\n\r\t\f\u00e9\u20ac\u0001", 5))).ToList();
                bytes = JavaProperties.Format(written);
                ours.Add(Text(written));
                Assert.Equal(ours[^1], Read(bytes));
            }

            File.WriteAllBytes(kafka.PathOf($"p{i}"), bytes);
            kafka.Ask("properties", "read", kafka.PathOf($"p{i}"));
        }

        var answers = await kafka.AnswersAsync("Kafka's reading of properties");

        var refused = answers.Count(answer => answer.StartsWith("refused", StringComparison.Ordinal));
        output.WriteLine($"{TestSeed.Text}: {answers.Count} texts, {refused} refused by both");
        Assert.InRange(refused, 1, answers.Count / 2);
        for (var i = 0; i < answers.Count; i++)
        {
            var theirs = answers[i].StartsWith("refused", StringComparison.Ordinal) ? "refused" : answers[i];
            Assert.True(theirs == ours[i], $"{TestSeed.Text}, text {i} '{Convert.ToHexString(kafka.Bytes($"p{i}"))}': Kafka's {answers[i]}, ours {ours[i]}");
        }

        static string Read(byte[] bytes)
        {
            try
            {
                return Text(JavaProperties.Parse(bytes, "f").Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Value)));
            }
            catch (DamagedFileException)
            {
                return "refused";
            }
        }

        static string Text(IEnumerable<KeyValuePair<string, string>> properties) =>
            $"[{string.Concat(properties.Select(pair => $"{Base64(pair.Key)}:{Base64(pair.Value)} ").Order(StringComparer.Ordinal))}]";

        static string Base64(string text) => Convert.ToBase64String(Encoding.BigEndianUnicode.GetBytes(text));
    }

    private static string Topic(Random random) => Any(random, "abcXYZ019._-", random.Next(1, 20));

    private static Uuid Id(Random random) => new((ulong)random.NextInt64(), (ulong)random.NextInt64());

    private static string Any(Random random, string alphabet, int length) => new(random.GetItems<char>(alphabet, length));
}
