using Moldau.Compatibility.Kafka;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Xunit;

namespace Moldau.Compatibility.Storage;

/// <summary>Index files are the same bytes, each side reads the other's, and both find the same in them.</summary>
public class IndexFileTests(ITestOutputHelper output)
{
    private const int Samples = 60;

    [Fact]
    public async Task Offset_indexes_are_Kafkas()
    {
        KafkaJars.Require();
        var random = TestSeed.For(nameof(Offset_indexes_are_Kafkas));
        using var kafka = new KafkaFiles();
        var checks = new List<Action<IReadOnlyList<string>>>();
        for (var i = 0; i < Samples; i++)
        {
            var (ours, theirs, start) = ($"ours{i}.index", $"theirs{i}.index", random.NextInt64(1L << 40));
            var entries = new List<OffsetPosition>();
            for (var (offset, position) = (start + random.Next(3), 0); entries.Count < i * 3; offset += random.Next(1, 100))
                entries.Add(new OffsetPosition(offset, position += random.Next(1, 10_000)));
            var index = new OffsetIndex(start);
            foreach (var (offset, position) in entries) index.Add(offset, position);
            using (var file = kafka.Disk.Open(kafka.PathOf(ours), OpenMode.New)) index.SaveTo(file);

            var wanted = Enumerable.Range(0, 20).Select(_ => start + random.Next(index.Count * 60 + 5)).ToList();
            var cut = start + random.Next(index.Count * 60 + 5);
            var tail = random.Next(2) == 0 ? "tail" : "-";
            kafka.Ask(["offset-index", "write", kafka.PathOf(theirs), start, tail, .. entries.Select(entry => $"{entry.Offset}:{entry.Position}")]);
            var read = kafka.Ask(["offset-index", "read", kafka.PathOf(ours), start, cut, .. wanted.Cast<object>()]);
            checks.Add(answers =>
            {
                using var file = kafka.Disk.Open(kafka.PathOf(theirs), OpenMode.Existing);
                var opened = OffsetIndex.Read(file, start, int.MaxValue);
                if (tail == "-") Assert.Equal(kafka.Bytes(theirs), kafka.Bytes(ours));
                Assert.All(entries, entry => Assert.Equal(entry, opened.Lookup(entry.Offset)));
                var lines = string.Concat(entries.Select(Line).Concat(wanted.Select(offset => "? " + Line(opened.Lookup(offset)))));
                Assert.Equal(entries.Count, opened.Count);
                opened.TruncateTo(cut);
                Assert.Equal($"{lines}! {opened.Count}", answers[read]);
            });
        }

        await CheckAsync(kafka, checks);

        static string Line(OffsetPosition entry) => $"{entry.Offset}:{entry.Position} ";
    }

    [Fact]
    public async Task Time_indexes_are_Kafkas()
    {
        KafkaJars.Require();
        var random = TestSeed.For(nameof(Time_indexes_are_Kafkas));
        using var kafka = new KafkaFiles();
        var checks = new List<Action<IReadOnlyList<string>>>();
        for (var i = 0; i < Samples; i++)
        {
            var (ours, theirs, start) = ($"ours{i}.timeindex", $"theirs{i}.timeindex", random.NextInt64(1L << 40));
            // Offered entries, some of them with a timestamp that is not new.
            var offered = new List<TimestampOffset>();
            for (var (time, offset) = (random.NextInt64(1, 1L << 41), start); offered.Count < i * 3; offset += random.Next(1, 100))
                offered.Add(new TimestampOffset(time += random.Next(4) * 50, offset));
            var index = new TimeIndex(start);
            var entries = offered.Where(entry => index.Add(entry.Timestamp, entry.Offset)).ToList();
            using (var file = kafka.Disk.Open(kafka.PathOf(ours), OpenMode.New)) index.SaveTo(file);

            var first = entries.Count == 0 ? 1000 : entries[0].Timestamp;
            var wanted = Enumerable.Range(0, 20).Select(_ => first - 50 + random.Next(offered.Count * 80 + 100)).ToList();
            var cut = start + random.Next(offered.Count * 60 + 5);
            var tail = random.Next(2) == 0 ? "tail" : "-";
            kafka.Ask(["time-index", "write", kafka.PathOf(theirs), start, tail, .. offered.Select(entry => $"{entry.Timestamp}:{entry.Offset}")]);
            var read = kafka.Ask(["time-index", "read", kafka.PathOf(ours), start, cut, .. wanted.Cast<object>()]);
            checks.Add(answers =>
            {
                using var file = kafka.Disk.Open(kafka.PathOf(theirs), OpenMode.Existing);
                var opened = TimeIndex.Read(file, start);
                if (tail == "-") Assert.Equal(kafka.Bytes(theirs), kafka.Bytes(ours));
                Assert.All(entries, entry => Assert.Equal(entry, opened.Lookup(entry.Timestamp)));
                var lines = string.Concat(entries.Select(Line).Concat(wanted.Select(time => "? " + Line(opened.Lookup(time)))));
                Assert.Equal(entries.Count, opened.Count);
                opened.TruncateTo(cut);
                Assert.Equal($"{lines}! {opened.Count}", answers[read]);
            });
        }

        await CheckAsync(kafka, checks);

        static string Line(TimestampOffset entry) => $"{entry.Timestamp}:{entry.Offset} ";
    }

    [Fact]
    public async Task Transaction_indexes_are_Kafkas()
    {
        KafkaJars.Require();
        var random = TestSeed.For(nameof(Transaction_indexes_are_Kafkas));
        using var kafka = new KafkaFiles();
        var checks = new List<Action<IReadOnlyList<string>>>();
        for (var i = 0; i < Samples; i++)
        {
            var (ours, theirs, start) = ($"ours{i}.txnindex", $"theirs{i}.txnindex", random.NextInt64(1L << 40));
            var entries = new List<AbortedTransaction>();
            for (var end = start + 5; entries.Count <= i; end += random.Next(1, 50))
            {
                var first = Math.Max(0, end - random.Next(1, 80));
                entries.Add(new AbortedTransaction(random.NextInt64(1L << 40), first, end, random.Next(2) == 0 ? end + 1 : first + random.Next((int)(end - first))));
            }

            var index = new TransactionIndex(start);
            foreach (var entry in entries) index.Add(entry);
            using (var file = kafka.Disk.Open(kafka.PathOf(ours), OpenMode.New)) index.SaveTo(file);

            var ranges = Enumerable.Range(0, 20).Select(_ => start + random.Next(i * 26 + 30)).Select(from => (From: from, UpTo: from + random.Next(100))).ToList();
            var cut = start + random.Next(i * 26 + 30);
            kafka.Ask(["transactions", "write", kafka.PathOf(theirs), start, .. entries.Select(entry => Line(entry).TrimEnd())]);
            var read = kafka.Ask(["transactions", "read", kafka.PathOf(ours), start, cut, .. ranges.Select(range => $"{range.From}:{range.UpTo}")]);
            checks.Add(answers =>
            {
                var bytes = kafka.Bytes(theirs);
                var opened = TransactionIndex.Parse(bytes, theirs, start);
                var collected = ranges.Select(range =>
                {
                    var found = new List<AbortedTransaction>();
                    var complete = opened.Collect(range.From, range.UpTo, found);
                    return $"? {string.Concat(found.Select(Line))}{(complete ? "true" : "false")} ";
                });
                var lines = string.Concat(entries.Select(Line).Concat(collected));
                opened.TruncateTo(cut);
                Assert.Equal($"{lines}! {opened.Count}", answers[read]);
                // Kafka cut ours there when it was asked.
                Assert.Equal(bytes[..(opened.Count * TransactionIndex.EntrySize)], kafka.Bytes(ours));
            });
        }

        await CheckAsync(kafka, checks);

        static string Line(AbortedTransaction entry) => $"{entry.ProducerId}:{entry.FirstOffset}:{entry.LastOffset}:{entry.LastStableOffset} ";
    }

    /// <summary>The break: what these tests stand on must notice an entry that is wrong in one bit.</summary>
    [Fact]
    public async Task An_entry_that_is_wrong_in_one_bit_is_reported()
    {
        KafkaJars.Require();
        using var kafka = new KafkaFiles();
        var index = new OffsetIndex(0);
        index.Add(10, 100);
        using (var file = kafka.Disk.Open(kafka.PathOf("wrong"), OpenMode.New))
        {
            index.SaveTo(file);
            file.Write(7, [101]);
        }

        kafka.Ask("offset-index", "read", kafka.PathOf("wrong"), 0, 99, 12);

        Assert.Equal(["10:101 ? 10:101 ! 1"], await kafka.AnswersAsync("a wrong index"));
    }

    private async Task CheckAsync(KafkaFiles kafka, List<Action<IReadOnlyList<string>>> checks)
    {
        var answers = await kafka.AnswersAsync("index files");
        output.WriteLine($"{TestSeed.Text}: {checks.Count} files each way");
        for (var i = 0; i < checks.Count; i++)
        {
            try
            {
                checks[i](answers);
            }
            catch (Exception failure) when (failure is Xunit.Sdk.XunitException or IOException)
            {
                Assert.Fail($"{TestSeed.Text}, file {i}: {failure.Message}");
            }
        }
    }
}
