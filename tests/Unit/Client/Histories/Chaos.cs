using System.Globalization;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Groups;
using Moldau.Client.Handling;
using Moldau.Client.Producing;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Testing;
using Moldau.Testing.Faults;

namespace Moldau.Unit.Client.Histories;

/// <summary>
/// Producers and members of a group at a broker to which things happen: errors, cuts, lost answers, silence, restarts, members that come
/// and go. What clients were told is written down and looked at in the end.
/// </summary>
internal sealed class Chaos(ChaosOptions options) : IAsyncDisposable
{
    public const string Topic = "history";
    public const string Group = "historians";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private static readonly ApiKey[] Met =
    [
        ApiKey.Produce, ApiKey.Fetch, ApiKey.Metadata, ApiKey.FindCoordinator, ApiKey.InitProducerId, ApiKey.OffsetCommit, ApiKey.OffsetFetch, ApiKey.ListOffsets,
        ApiKey.ConsumerGroupHeartbeat, ApiKey.JoinGroup, ApiKey.SyncGroup, ApiKey.Heartbeat, ApiKey.ApiVersions,
    ];

    private readonly List<Member> _members = [];
    private int _generation;

    public EmbeddedBroker Broker { get; private set; } = null!;

    public ClientHistory History { get; } = new();

    public Dictionary<string, int> Happened { get; } = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var random = new Random(options.Seed);
        Broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions
        {
            Settings = new Dictionary<string, string> { ["offsets.topic.num.partitions"] = "2", ["group.consumer.heartbeat.interval.ms"] = "100", ["group.consumer.min.heartbeat.interval.ms"] = "100", ["group.consumer.session.timeout.ms"] = "3000", ["group.consumer.min.session.timeout.ms"] = "1000", ["group.min.session.timeout.ms"] = "1000" },
        });
        await using (var kafka = Connect()) await kafka.Topics.CreateAsync([new NewTopic(Topic) { Partitions = options.Partitions }], cancellation: cancellation);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        over.CancelAfter(options.Time);
        for (var i = 0; i < options.Consumers; i++) Join();
        var producing = Enumerable.Range(0, options.Producers).Select(number => Task.Run(() => ProduceAsync(number, over.Token), cancellation)).ToList();
        while (!over.IsCancellationRequested)
        {
            await (options.Trouble ?? TroubleAsync)(random, this);
            await Task.Delay(random.Next(5, 60), CancellationToken.None);
        }

        Broker.Faults.Clear();
        await Task.WhenAll(producing).WaitAsync(Deadline, cancellation);
        await ReadLogsAsync(cancellation);
        await UntilAllIsHandledAsync(cancellation);
        foreach (var member in _members) await member.StopAsync();
        _members.Clear();
        await using var last = Connect();
        foreach (var (where, offset) in await last.Groups.OffsetsAsync(Group, cancellation)) History.Committed[where.Partition] = offset.Get().Offset;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members) await member.StopAsync();
        await Broker.DisposeAsync();
    }

    public KafkaClient Connect() => new(new()
    {
        Bootstrap = Broker.BootstrapServers,
        RequestTimeout = TimeSpan.FromSeconds(1),
        ConnectTimeout = TimeSpan.FromSeconds(2),
        FirstBackOff = TimeSpan.FromMilliseconds(5),
        LongestBackOff = TimeSpan.FromMilliseconds(100),
        CloseTimeout = TimeSpan.FromSeconds(5),
    });

    public void Note(string what) => Happened[what] = Happened.GetValueOrDefault(what) + 1;

    private void Join()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"member{++_generation}");
        _members.Add(new Member(name, Connect(), options, History));
    }

    private async Task TroubleAsync(Random random, Chaos chaos)
    {
        var api = Met[random.Next(Met.Length)];
        switch (random.Next(20))
        {
            case < 6:
                Broker.Faults.Cut(api, (FaultMoment)random.Next(3), random.Next(1, 4));
                Note("cut");
                break;
            case < 9:
                Broker.Faults.LoseReply(api, random.Next(1, 4));
                Note("lost answer");
                break;
            case < 10:
                Broker.Faults.FallSilent(api, (FaultMoment)random.Next(3), random.Next(1, 4));
                Note("silence");
                break;
            case < 15:
                Broker.Faults.Fail(api, ErrorOf(api, random), random.Next(1, 4), random.Next(1, 3));
                Note("error");
                break;
            case < 16:
                Broker.Faults.Delay(api, TimeSpan.FromMilliseconds(random.Next(1, 1500)), (FaultMoment)random.Next(2));
                Note("delay");
                break;
            case < 17:
                await Broker.RestartAsync();
                Note("restart");
                break;
            case < 19 when _members.Count > 1:
                var leaving = _members[random.Next(_members.Count)];
                _members.Remove(leaving);
                if (random.Next(2) == 0) await leaving.StopAsync();
                else leaving.Abandon();
                Note("member gone");
                break;
            default:
                if (_members.Count < options.Consumers + 1) Join();
                Note("member came");
                break;
        }
    }

    /// <summary>Such as a broker may answer with at any time, and a client has to get over.</summary>
    private static ErrorCode ErrorOf(ApiKey api, Random random) => api switch
    {
        ApiKey.Produce or ApiKey.Fetch or ApiKey.ListOffsets => random.Next(2) == 0 ? ErrorCode.NotLeaderOrFollower : ErrorCode.KafkaStorageError,
        ApiKey.Metadata => ErrorCode.LeaderNotAvailable,
        ApiKey.ApiVersions => ErrorCode.NetworkException,
        _ => random.Next(2) == 0 ? ErrorCode.NotCoordinator : ErrorCode.CoordinatorLoadInProgress,
    };

    private async Task ProduceAsync(int number, CancellationToken over)
    {
        await using var kafka = Connect();
        var producer = kafka.CreateProducer(options.Producing);
        var waiting = new List<Task>();
        try
        {
            var random = new Random(options.Seed * 31 + number);
            for (var i = 0; !over.IsCancellationRequested; i++)
            {
                var record = new Sent(string.Create(CultureInfo.InvariantCulture, $"p{number}-{i}"), number, i, random.Next(options.Partitions));
                History.Sent.Enqueue(record);
                waiting.Add(SendAsync(producer, record));
                if (waiting.Count >= 200) await Task.WhenAny(waiting);
                waiting.RemoveAll(static one => one.IsCompleted);
                if (random.Next(10) == 0) await Task.Delay(random.Next(1, 10), CancellationToken.None);
            }

            await Task.WhenAll(waiting);
        }
        finally
        {
            await producer.DisposeAsync();
        }
    }

    private static async Task SendAsync(Producer producer, Sent record)
    {
        try
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(record.Value);
            record.Ack = await producer.SendAsync(Topic, new OutgoingRecord { Key = bytes.AsMemory(0, 2), Value = bytes, Partition = record.Partition });
        }
        catch (KafkaException)
        {
            // Nobody knows whether it is there.
        }
    }

    private async Task ReadLogsAsync(CancellationToken cancellation)
    {
        var records = Enumerable.Range(0, options.Partitions).ToDictionary(static partition => partition, static _ => new List<(long, string)>());
        await using var kafka = Connect();
        await using var reader = kafka.CreateConsumer<string, string>(new ConsumerOptions { Topics = [Topic], StopAtEnd = true });
        await foreach (var record in reader.ReadAllAsync(cancellation)) records[record.Partition].Add((record.Offset, record.Value!));
        foreach (var (partition, log) in records) History.Logs[partition] = (0, [.. log]);
    }

    private async Task UntilAllIsHandledAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Deadline);
        var left = History.Logs.SelectMany(static log => log.Value.Records.Select(one => (log.Key, one.Offset))).ToHashSet();
        if (_members.Count == 0) Join();
        while (true)
        {
            foreach (var one in History.Handled) left.Remove((one.Partition, one.Offset));
            if (left.Count == 0) return;
            if (patience.IsCancellationRequested)
                throw new TimeoutException($"{left.Count} records were handled by nobody in {Deadline}, such as {left.First()}; members: {string.Join(", ", _members.Select(static member => member.State))}");
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
