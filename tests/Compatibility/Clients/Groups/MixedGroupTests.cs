using Moldau.Client;
using Moldau.Client.Groups;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Wire;
using Xunit;

namespace Moldau.Compatibility.Clients.Groups;

/// <summary>
/// Members of ours, alone and in one group with Java's and librdkafka's: whoever leads, all understand what is said and each gets
/// its part. On our broker and on Kafka's.
/// </summary>
public sealed class MixedGroupTests(BothBrokers brokers) : IClassFixture<BothBrokers>
{
    private const int Partitions = 6;

    public static TheoryData<string, string> Protocols => new MatrixTheoryData<string, string>([BothBrokers.Ours, BothBrokers.Kafkas], IsLong ? ["auto", "consumer", "range", "roundrobin", "sticky", "cooperative-sticky"] : ["auto", "range", "cooperative-sticky"]);

    public static TheoryData<string, string> Shared => new MatrixTheoryData<string, string>([BothBrokers.Ours, BothBrokers.Kafkas], ["consumer", "range", "cooperative-sticky"]);

    private static bool IsLong => Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1";

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Ours_share_the_partitions_out_read_everything_once_and_take_over(string broker, string protocol)
    {
        var name = $"ours-{protocol}";
        await using var client = await brokers.WithTopicAsync(broker, name);
        await using var one = new OurMember(client, name, name, Options(protocol));
        await WriteAsync(client, name, 0, 300);
        await one.UntilAsync(() => Task.FromResult(one.Partitions == Partitions), "all partitions");
        await using (var other = new OurMember(client, name, name, Options(protocol)))
        {
            await one.UntilAsync(() => Task.FromResult(one.Partitions == 3 && other.Partitions == 3), $"three partitions for each; the other has {other.Partitions}");
            await WriteAsync(client, name, 300, 300);
            await one.UntilAsync(() => Task.FromResult(one.Values.Count + other.Values.Count == 600), "everything");
            Assert.Equal(600, one.Values.Concat(other.Values).Distinct().Count());
            Assert.NotEmpty(other.Values);
        }

        await one.UntilAsync(() => Task.FromResult(one.Partitions == Partitions), "what the other left");
    }

    [Theory]
    [MemberData(nameof(Shared))]
    public async Task One_of_ours_one_of_Javas_and_one_of_librdkafka_share_a_group(string broker, string protocol)
    {
        KafkaJars.Require();
        Assert.SkipUnless(protocol != "consumer" || Librdkafka.HasNew, "MOLDAU_WHEELS names no folder");
        var (name, address) = ($"mixed-{protocol}", brokers.Address(broker));
        await using var client = await brokers.WithTopicAsync(broker, name);
        // Java leads first, then ours: each leader reads what the others wrote.
        var java = await TalkingProgram.StartJavaAsync("Kafka's console consumer", "-Xmx128m", "org.apache.kafka.tools.consumer.ConsoleConsumer", [.. Java(address, name, protocol)]);
        try
        {
            await UntilAsync(client, name, 1);
            await using var ours = new OurMember(client, name, name, Options(protocol));
            await UntilAsync(client, name, 2);
            var librdkafka = await LibrdkafkaAsync(address, name, protocol);
            try
            {
                await UntilAsync(client, name, 3);
                await ours.UntilAsync(() => Task.FromResult(ours.Partitions == 2), "its third");
                if (protocol == "consumer") return;
                java.Kill();
                await UntilAsync(client, name, 2);
                await ours.UntilAsync(() => Task.FromResult(ours.Partitions == 3), "its half");
            }
            finally
            {
                await librdkafka.DisposeAsync();
            }

            await UntilAsync(client, name, 1);
            await ours.UntilAsync(() => Task.FromResult(ours.Partitions == Partitions), "everything");
        }
        finally
        {
            await java.DisposeAsync();
        }
    }

    private static GroupOptions Options(string protocol)
    {
        var options = new GroupOptions { SessionTimeout = TimeSpan.FromSeconds(10), HeartbeatInterval = TimeSpan.FromMilliseconds(300) };
        return protocol switch
        {
            "auto" => options,
            "consumer" => options with { Protocol = GroupProtocol.Consumer },
            "range" => options with { Assignors = [ClassicAssignor.Range] },
            "roundrobin" => options with { Assignors = [ClassicAssignor.RoundRobin] },
            "sticky" => options with { Assignors = [ClassicAssignor.Sticky] },
            _ => options with { Assignors = [ClassicAssignor.CooperativeSticky] },
        };
    }

    private static string[] Java(string address, string name, string protocol)
    {
        string[] arguments = ["--bootstrap-server", address, "--topic", name, "--group", name, "--command-property", protocol == "consumer" ? "group.protocol=consumer" : "group.protocol=classic"];
        if (protocol == "consumer") return arguments;
        var assignor = protocol == "range" ? "RangeAssignor" : "CooperativeStickyAssignor";
        return [.. arguments, "--command-property", "partition.assignment.strategy=org.apache.kafka.clients.consumer." + assignor, "--command-property", "session.timeout.ms=6000", "--command-property", "heartbeat.interval.ms=300"];
    }

    private static async Task<TalkingProgram> LibrdkafkaAsync(string address, string name, string protocol) => protocol == "consumer"
        ? TalkingProgram.StartPython("librdkafka in the consumer protocol", await Librdkafka.PythonAsync(Librdkafka.New), "groups.py", "consume", address, name, name, "1000000", "consumer")
        : TalkingProgram.Start(
            "kcat in a group", "kcat", "-b", address, "-G", name, "-q", "-X", "partition.assignment.strategy=" + protocol, "-X", "session.timeout.ms=6000", "-X", "heartbeat.interval.ms=300", name);

    /// <summary>Until the coordinator has so many members, and each partition one of them, in equal parts.</summary>
    private static async Task UntilAsync(KafkaClient client, string group, int members)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            var described = (await client.Groups.DescribeAsync([group]))[0];
            if (described.Succeeded)
            {
                var found = described.Get().Members;
                var assigned = found.SelectMany(static member => member.Assigned).ToList();
                if (found.Count == members && found.All(member => member.Assigned.Count == Partitions / members) && assigned.Distinct().Count() == Partitions) return;
            }

            if (deadline.IsCancellationRequested)
                throw new TimeoutException($"waited for {members} members: {(described.Succeeded ? string.Join("; ", described.Get().Members.Select(static member => $"{member.ClientId} {string.Join(",", member.Assigned)}")) : described.Error!.Message)}");
            await Task.Delay(100);
        }
    }

    private static async Task WriteAsync(KafkaClient client, string topic, int from, int count)
    {
        await using var writer = client.CreateProducer();
        for (var i = from; i < from + count; i++) await writer.EnqueueAsync(topic, new() { Partition = i % Partitions, Value = System.Text.Encoding.UTF8.GetBytes($"v{i}") });
        Assert.Empty((await writer.FlushAsync()).Lost);
    }
}
