using System.Globalization;
using Moldau.Bench.Load;
using Moldau.Client;
using Moldau.Client.Admin;

namespace Moldau.Bench.Race;

/// <summary>Topics on a contender, made and deleted.</summary>
internal static class Topics
{
    /// <summary>Segments and retention that keep a topic which is written without end within memory.</summary>
    public static Dictionary<string, string> Ring(int partitions)
    {
        const long WholeBytes = 400 << 20;
        const long LeastSegment = 1 << 20;
        const long MostSegment = 256 << 20;
        var segment = Math.Clamp(WholeBytes / partitions, LeastSegment, MostSegment);
        return new Dictionary<string, string>
        {
            ["segment.bytes"] = segment.ToString(CultureInfo.InvariantCulture),
            ["retention.bytes"] = (2 * segment).ToString(CultureInfo.InvariantCulture),
            ["file.delete.delay.ms"] = "0",
        };
    }

    /// <summary>For records that are to stay.</summary>
    public static Dictionary<string, string> Kept { get; } = [];

    public static void WaitUntilServed(Contender contender)
    {
        for (var patience = TimeSpan.FromMinutes(1); ; patience -= TimeSpan.FromMilliseconds(100))
        {
            if (contender.HasExited) throw new InvalidOperationException($"{contender.Kind} ended at its start");
            try
            {
                Run(contender, async client => await client.Topics.ListAsync().ConfigureAwait(false));
                return;
            }
            catch (KafkaException) when (patience > TimeSpan.Zero)
            {
                Thread.Sleep(100);
            }
        }
    }

    public static void Create(Contender contender, string name, int partitions, bool isFlushed, IReadOnlyDictionary<string, string>? settings = null)
    {
        if (contender.Kind == ContenderKind.Limit) return;
        var configs = new Dictionary<string, string>(settings ?? Ring(partitions));
        if (contender.Kind is ContenderKind.Moldau or ContenderKind.Guarded) configs["moldau.durability"] = isFlushed ? "fsync" : "page-cache";
        Run(contender, async client =>
        {
            var made = await client.Topics.CreateAsync([new NewTopic(name) { Partitions = partitions, Replicas = 1, Configs = configs }]).ConfigureAwait(false);
            if (made[0].Error is { } error) throw error;
            // Who writes to a partition that is not served yet is told so, and would have to write again.
            var asked = Enumerable.Range(0, partitions).ToDictionary(partition => new TopicPartition(name, partition), static _ => OffsetQuery.Latest);
            foreach (var found in (await client.Topics.OffsetsAsync(asked).ConfigureAwait(false)).Values) found.Get();
        });
        Thread.Sleep(500);
    }

    /// <summary>A classic group is one record: that of ten thousand members is larger than a batch may be by itself.</summary>
    public static void AllowLargeGroups(Contender contender)
    {
        const string GroupsTopic = "__consumer_offsets";
        Coordinator.Await(contender.Port, "any", Coordinator.OfGroups);
        Run(contender, async client => await client.Configs.AlterAsync(new ConfigResource(ConfigResourceType.Topic, GroupsTopic), [new ConfigChange("max.message.bytes", ConfigOperation.Set, "10485760")]).ConfigureAwait(false));
    }

    public static void Delete(Contender contender, string name)
    {
        if (contender.Kind != ContenderKind.Limit) Run(contender, async client => await client.Topics.DeleteAsync([name]).ConfigureAwait(false));
    }

    /// <summary>A deleted topic's folders go some time later.</summary>
    public static void WaitUntilGone(Contender contender, string name)
    {
        if (contender.Kind == ContenderKind.Limit) return;
        for (var patience = TimeSpan.FromMinutes(2); Directory.EnumerateDirectories(contender.DataFolder, name + "-*").Any(); patience -= TimeSpan.FromMilliseconds(100))
        {
            if (patience < TimeSpan.Zero) throw new TimeoutException($"{contender.Kind} does not remove the folders of topic '{name}'");
            Thread.Sleep(100);
        }
    }

    public static void Run(Contender contender, Func<KafkaClient, Task> work)
    {
        Task.Run(async () =>
        {
            var client = new KafkaClient(new KafkaClientOptions { Bootstrap = $"127.0.0.1:{contender.Port}", Sasl = contender.Administrator });
            await using (client.ConfigureAwait(false)) await work(client).ConfigureAwait(false);
        }).GetAwaiter().GetResult();
    }
}
