using System.Globalization;
using Moldau.Compatibility.Clients;
using Moldau.Compatibility.Differential;
using Moldau.Compatibility.Kafka;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Compatibility.Groups.Stored;

/// <summary>
/// What one broker has stored of groups, offsets and transactions, in the folder of another: Kafka's tools are told the
/// same by both, groups go on where they stopped, and an open transaction can be ended.
/// </summary>
public sealed class StoredTopicsTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);

    private static readonly string[] s_topics = ["stored", "copied"];

    // A static member does not leave when its process goes, and a transaction is left open.
    private static readonly string[] s_life =
    [
        "transactional write $SERVER stored writer",
        "transactional copy $SERVER stored copied copier 120 classic",
        "console-consumer --bootstrap-server $SERVER --topic stored --group classic --from-beginning --isolation-level read_committed --max-messages 100 --timeout-ms 30000",
        "console-consumer --bootstrap-server $SERVER --topic stored --group newer --command-property group.protocol=consumer --from-beginning --max-messages 50 --timeout-ms 30000",
        "consumer-groups --bootstrap-server $SERVER --reset-offsets --group classic --topic stored:1 --to-offset 7 --execute",
        "consumer-groups --bootstrap-server $SERVER --reset-offsets --group gone --topic stored --to-earliest --execute",
        "consumer-groups --bootstrap-server $SERVER --delete --group gone",
        "standing begin $SERVER ended stored",
        "standing commit ended",
        "standing begin $SERVER open stored",
        "standing join $SERVER member stored classic here",
    ];

    private static readonly string[] s_questions =
    [
        "consumer-groups --bootstrap-server $SERVER --list --state --type ?member",
        "consumer-groups --bootstrap-server $SERVER --describe --group classic --offsets --verbose",
        "consumer-groups --bootstrap-server $SERVER --describe --group newer --offsets --verbose",
        "consumer-groups --bootstrap-server $SERVER --describe --group copier",
        "consumer-groups --bootstrap-server $SERVER --describe --group member --members --verbose",
        "consumer-groups --bootstrap-server $SERVER --describe --group member --state",
        "consumer-groups --bootstrap-server $SERVER --describe --group gone",
        "transactions --bootstrap-server $SERVER list ?copier-copied",
        "transactions --bootstrap-server $SERVER describe --transactional-id writer",
        "transactions --bootstrap-server $SERVER describe --transactional-id copier-copied",
        "transactions --bootstrap-server $SERVER describe --transactional-id ended",
        "transactions --bootstrap-server $SERVER describe --transactional-id open",
        "transactions --bootstrap-server $SERVER describe-producers --topic stored --partition 0",
        "get-offsets --bootstrap-server $SERVER --topic-partitions stored,copied",
    ];

    // The classic group goes on at what was committed, and so does what was committed in transactions, though its member now
    // speaks the newer protocol. That one asks by topics' ids, and what was committed for another id is not told there.
    private static readonly string[] s_further =
    [
        "console-consumer --bootstrap-server $SERVER --topic stored --group classic --max-messages 57 --timeout-ms 30000",
        "console-consumer --bootstrap-server $SERVER --topic stored --group copier --command-property group.protocol=consumer --max-messages 22 --timeout-ms 30000",
        "console-consumer --bootstrap-server $SERVER --topic stored --group newer --command-property group.protocol=consumer --from-beginning --max-messages 182 --timeout-ms 30000",
        "transactions --bootstrap-server $SERVER forceTerminateTransaction --transactionalId open",
        "transactions --bootstrap-server $SERVER describe --transactional-id open ?Empty",
        "transactions --bootstrap-server $SERVER describe-producers --topic stored --partition 0",
    ];

    private static readonly int[] s_readFurther = [57, 22, 182];

    private static readonly string[] s_starts =
        [".kafka_cleanshutdown", "recovery-point-offset-checkpoint", "log-start-offset-checkpoint", "replication-offset-checkpoint", "cleaner-offset-checkpoint", "moldau-closed-length-checkpoint"];

    [Fact]
    public Task What_Kafka_stored_is_read_here() => MovesAsync(static () => (new KafkaStoredBroker(), new OurStoredBroker()));

    [Fact]
    public Task What_is_stored_here_Kafka_reads() => MovesAsync(static () => (new OurStoredBroker(), new KafkaStoredBroker()));

    private async Task MovesAsync(Func<(StoredBroker From, StoredBroker To)> brokers)
    {
        KafkaJars.Require();
        var (from, to) = brokers();
        await using var ofFrom = from;
        await using var ofTo = to;
        await from.StartAsync();
        await MakeTopicsAsync(from);
        var life = await RunAsync(from, [.. s_life, .. s_questions]);
        var epoch = await StreamsMember.JoinAsync(from);
        var tasks = await StreamsMember.DescribeAsync(from);
        await from.StopAsync();

        await to.StartAsync();
        await MakeTopicsAsync(to);
        await to.StopAsync();
        Move(from.Data, to.Data);
        await to.StartAsync();
        Assert.Equal(tasks, await StreamsMember.DescribeAsync(to));
        await StreamsMember.GoOnAsync(to, epoch);
        var there = await RunAsync(to, [.. s_questions, .. s_further]);
        for (var i = 0; i < s_questions.Length; i++)
        {
            var (before, after) = ToolOutput.Comparable(s_questions[i].Replace(" --bootstrap-server $SERVER", "", StringComparison.Ordinal), life[s_life.Length + i], there[i]);
            output.WriteLine($"{s_questions[i]}\n{after}");
            Assert.Equal(before, after);
        }

        var further = there[s_questions.Length..];
        foreach (var text in further) output.WriteLine(string.Join('\n', text.Split('\n').Where(static line => !IsRecord(line))));
        Assert.Equal(s_readFurther, further.Take(s_readFurther.Length).Select(static text => text.Split('\n').Count(IsRecord)));
        Assert.Contains("Empty", further[4], StringComparison.Ordinal);
        Assert.All(further[5].Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1), static producer => Assert.Contains("None", producer, StringComparison.Ordinal));
    }

    private static bool IsRecord(string line) => line.StartsWith("writer-", StringComparison.Ordinal) || line.StartsWith("in ", StringComparison.Ordinal);

    /// <summary>And waits until groups and transactions are coordinated.</summary>
    private static async Task MakeTopicsAsync(StoredBroker broker)
    {
        using var side = new BrokerSide(broker.Name, broker.Address);
        await side.AskAsync<CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest
        {
            TimeoutMs = 10_000,
            Topics = [.. s_topics.Select(static name => new CreateTopicsRequest.Topic { Name = name, NumPartitions = 3, ReplicationFactor = 1 })],
        });
        await side.UntilCoordinatesAsync();
    }

    private static async Task<List<string>> RunAsync(StoredBroker broker, IEnumerable<string> lines)
    {
        var port = broker.Address.Port.ToString(CultureInfo.InvariantCulture);
        var prepared = new ToolScript($"127.0.0.1:{port}", broker.Data, broker.Data).Prepare(lines);
        var told = ToolOutput.Each(await KafkaJars.RunAsync("Kafka's tools", Deadline, "ToolRunner", prepared), port, broker.Data);
        Assert.All(told, static one => Assert.False(ToolOutput.IsInVain(one), one));
        return told;
    }

    /// <summary>
    /// The batches of all partitions, and what stands beside them. Topics' ids stay each broker's own; indexes are made again,
    /// and what an orderly stop has noted is none of the batches that come.
    /// </summary>
    private static void Move(string from, string to)
    {
        foreach (var source in Directory.GetDirectories(from).Where(static folder => !Path.GetFileName(folder).StartsWith("__cluster", StringComparison.Ordinal)))
        {
            var target = Path.Combine(to, Path.GetFileName(source));
            foreach (var file in Directory.GetFiles(target).Where(static file => Path.GetFileName(file) != "partition.metadata")) File.Delete(file);
            foreach (var file in Directory.GetFiles(source).Where(static file => Path.GetExtension(file) is ".log" or ".snapshot" or ".txnindex" || Path.GetFileName(file) == "leader-epoch-checkpoint"))
            {
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
            }
        }

        foreach (var name in s_starts) File.Delete(Path.Combine(to, name));
    }
}
