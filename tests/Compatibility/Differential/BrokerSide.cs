using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Compatibility.Differential;

/// <summary>One of the two brokers in a script: its connection, and what it chose where it may choose.</summary>
internal sealed partial class BrokerSide(string name, IPEndPoint address) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<Uuid, string> _topics = [];
    private readonly Dictionary<string, BrokerConnection> _connections = new(StringComparer.Ordinal);

    public string Name => name;

    /// <summary>Words like ${name} become what this broker answered before.</summary>
    public string Fill(string text) => Placeholder().Replace(text, found => _values.TryGetValue(found.Groups[1].Value, out var value)
        ? value
        : throw new InvalidDataException($"{name} has told no '{found.Groups[1].Value}'"));

    public void Save(string variable, string value) => _values[variable] = value;

    public void Learn(string topic, Uuid id)
    {
        if (id.IsZero || topic.Length == 0) return;
        _topics[id] = topic;
        _values["id:" + topic] = id.ToString();
    }

    /// <summary>An id as the other side would write it: by what it stands for.</summary>
    public string NameOf(Uuid id) => id.IsZero ? "zero" : _topics.TryGetValue(id, out var topic) ? $"id of {topic}" : "an id";

    public string NameOf(long value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        foreach (var (variable, saved) in _values)
        {
            if (saved == text) return "${" + variable + "}";
        }

        return value > 0 ? "some" : text;
    }

    /// <summary>A member's id as the other side would write it: by what it was saved as, or without the part that is drawn.</summary>
    public string NameOfMember(string id)
    {
        foreach (var (variable, saved) in _values)
        {
            if (saved == id) return "${" + variable + "}";
        }

        return DrawnPart().Replace(id, "<drawn>");
    }

    /// <summary>Says to the broker who speaks, on a new connection.</summary>
    public Func<BrokerConnection, string, Task>? Introduce { get; init; }

    /// <summary>Who asks where nobody else is named.</summary>
    public string? Administrator { get; init; }

    public async Task<BrokerConnection> ConnectAsync(string? user = null)
    {
        user ??= Administrator;
        if (_connections.TryGetValue(user ?? "", out var known) && !known.IsClosed) return known;
        known?.Dispose();
        var connection = _connections[user ?? ""] = await BrokerConnection.ConnectAsync(address);
        if (user is not null) await Introduce!(connection, user);
        return connection;
    }

    public async Task<T> AskAsync<T>(ApiKey key, short version, IMessage request)
        where T : IMessage, new()
    {
        var answer = await (await ConnectAsync()).AskAsync(ApiTable.Get(key), version, MessageBytes.Write(request, version));
        return answer.Silence is null ? MessageBytes.Read<T>(answer.Body, version) : throw new InvalidOperationException($"{name}: {key}: {answer.Silence}");
    }

    /// <summary>
    /// Waits until everything decided so far has been carried out: what is decided later and seen is carried out after it.
    /// Twice, because a broker may show a decision a moment before it has carried it out.
    /// </summary>
    public async Task SettleAsync(string barrierTopic, int number)
    {
        for (var pass = 0; pass < 2; pass++)
        {
            var value = $"{1_000_000 + (2 * number) + pass}";
            await AskAsync<IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, 1, new IncrementalAlterConfigsRequest
            {
                Resources = [new() { ResourceType = 2, ResourceName = barrierTopic, Configs = [new() { Name = "retention.ms", ConfigOperation = 0, Value = value }] }],
            });
            await UntilAsync(async () => await BarrierAsync(barrierTopic) == value, "show a setting");
        }
    }

    /// <summary>Waits until topics can be made again, or cannot: Kafka's controller hears of a cordon with a heartbeat.</summary>
    public Task UntilCordonedAsync(bool isEverywhere)
    {
        var asked = new CreateTopicsRequest { ValidateOnly = true, TimeoutMs = 10_000, Topics = [new() { Name = "the-cordon", NumPartitions = 1, ReplicationFactor = 1 }] };
        return UntilAsync(
            async () => ((await AskAsync<CreateTopicsResponse>(ApiKey.CreateTopics, 7, asked)).Topics[0].ErrorCode == ErrorCode.InvalidReplicationFactor) == isEverywhere,
            "know which folders are cordoned");
    }

    /// <summary>Waits until transactions are coordinated: Kafka makes the topic for it behind the first question.</summary>
    public Task UntilCoordinatesAsync() => UntilAsync(
        async () =>
        {
            await AskAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, 4, new FindCoordinatorRequest { KeyType = 1, CoordinatorKeys = ["the-first"] });
            await AskAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, 4, new FindCoordinatorRequest { KeyType = 0, CoordinatorKeys = ["the-first"] });
            var started = await AskAsync<InitProducerIdResponse>(ApiKey.InitProducerId, 4, new InitProducerIdRequest { TransactionalId = "the-first", TransactionTimeoutMs = 1000 });
            return started.ErrorCode == ErrorCode.None;
        },
        "coordinate transactions");

    /// <summary>Waits until a transaction has ended in all its partitions: Kafka answers before that.</summary>
    public Task UntilEndedAsync(string id) => UntilAsync(
        async () =>
        {
            var described = await AskAsync<DescribeTransactionsResponse>(ApiKey.DescribeTransactions, 0, new DescribeTransactionsRequest { TransactionalIds = [id] });
            return !described.TransactionStates[0].TransactionState.StartsWith("Prepare", StringComparison.Ordinal);
        },
        $"end the transaction of '{id}'");

    /// <summary>Waits until one folder is told as cordoned.</summary>
    public Task UntilCordonedAsync(string folder) => UntilAsync(
        async () => (await FoldersAsync(5)).Any(told => told.LogDir == folder && told.IsCordoned), $"cordon {folder}");

    /// <summary>Waits until no log is on its way into another folder.</summary>
    public Task UntilMovedAsync() => UntilAsync(
        async () => !(await FoldersAsync(4)).Any(static folder => folder.Topics.Any(static topic => topic.Partitions.Any(static partition => partition.IsFutureKey))),
        "have moved its logs");

    public void Dispose()
    {
        foreach (var connection in _connections.Values) connection.Dispose();
    }

    private async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            if (TimeProvider.System.GetElapsedTime(since) > Deadline) throw new TimeoutException($"waited {Deadline.TotalSeconds} s for {name} to {what}");
            await Task.Delay(2);
        }
    }

    private async Task<IEnumerable<DescribeLogDirsResponse.Dir>> FoldersAsync(short version) =>
        (await AskAsync<DescribeLogDirsResponse>(ApiKey.DescribeLogDirs, version, new DescribeLogDirsRequest { Topics = null })).Results;

    private async Task<string?> BarrierAsync(string topic)
    {
        var described = await AskAsync<DescribeConfigsResponse>(ApiKey.DescribeConfigs, 4, new DescribeConfigsRequest
        {
            Resources = [new() { ResourceType = 2, ResourceName = topic, ConfigurationKeys = ["retention.ms"] }],
        });
        return described.Results[0].Configs.Count == 0 ? null : described.Results[0].Configs[0].Value;
    }

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex DrawnPart();

    [GeneratedRegex(@"\$\{([^}]+)\}")]
    private static partial Regex Placeholder();
}
