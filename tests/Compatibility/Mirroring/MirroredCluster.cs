using System.Globalization;
using System.Net;
using Moldau.Compatibility.Clients;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Wire;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Shared;

namespace Moldau.Compatibility.Mirroring;

/// <summary>One of the two clusters of a mirror: what is written there, and what can be seen there.</summary>
/// <param name="alias">What the mirror calls it.</param>
/// <param name="address">Of its one broker.</param>
internal sealed class MirroredCluster(string alias, IPEndPoint address)
{
    public const int Partitions = 2;

    private const sbyte TopicResource = 2;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    public string Alias => alias;

    public string Address { get; } = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{address.Port}");

    public async Task CreateTopicAsync(string name, string retention)
    {
        using var client = await ConnectAsync();
        var created = await client.AskAsync<CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest
        {
            Topics = [new() { Name = name, NumPartitions = Partitions, ReplicationFactor = 1, Configs = [new() { Name = "retention.ms", Value = retention }, new() { Name = "max.message.bytes", Value = "2000012" }] }],
        });
        if (created.Topics[0].ErrorCode != ErrorCode.None) throw new InvalidOperationException($"{alias}, {name}: {created.Topics[0].ErrorCode}");
    }

    public async Task SetRetentionAsync(string topic, string retention)
    {
        using var client = await ConnectAsync();
        var altered = await client.AskAsync<IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, 1, new IncrementalAlterConfigsRequest
        {
            Resources = [new() { ResourceType = TopicResource, ResourceName = topic, Configs = [new() { Name = "retention.ms", ConfigOperation = 0, Value = retention }] }],
        });
        if (altered.Responses[0].ErrorCode != ErrorCode.None) throw new InvalidOperationException($"{alias}, {topic}: {altered.Responses[0].ErrorCode}");
    }

    /// <summary>What was set for the topic; empty while it is not there.</summary>
    public async Task<string> ConfigsAsync(string topic)
    {
        using var client = await ConnectAsync();
        var described = (await client.AskAsync<DescribeConfigsResponse>(ApiKey.DescribeConfigs, 4, new DescribeConfigsRequest
        {
            Resources = [new() { ResourceType = TopicResource, ResourceName = topic, ConfigurationKeys = ["retention.ms", "max.message.bytes"] }],
        })).Results[0];
        return string.Join(", ", described.Configs.Select(static config => $"{config.Name}={config.Value}").Order(StringComparer.Ordinal));
    }

    /// <param name="topic">Where to.</param>
    /// <param name="lines">A key, a colon and a value each.</param>
    public Task WriteAsync(string topic, IEnumerable<string> lines) =>
        ChildProcess.RunAsync($"kcat to write to {topic} of {alias}", Deadline, "kcat", ["-P", "-b", Address, "-t", topic, "-K:", "-H", "from=" + alias], lines);

    /// <summary>All records: partition, offset, time, key, value and headers of each.</summary>
    public async Task<string> RecordsAsync(string topic) =>
        string.Join('\n', (await Kcat.ReadCommittedAsync(Address, topic, "%p %o %T %k %s %h")).Order(StringComparer.Ordinal));

    /// <summary>A member of the group reads so many records, commits, and leaves.</summary>
    /// <returns>Their values.</returns>
    public async Task<string[]> ConsumeAsync(string topic, string group, int records) =>
        Lines(await MemberAsync("consume", topic, group, records.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A member of the group reads up to the ends, commits, and leaves.</summary>
    public async Task<List<(int Partition, long Offset, string Value)>> ConsumeRestAsync(string topic, string group) =>
        Lines(await MemberAsync("rest", topic, group, Partitions.ToString(CultureInfo.InvariantCulture))).Select(static line =>
        {
            var words = line.Split(' ');
            return (int.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture), words[2]);
        }).ToList();

    /// <summary>How far a group has come in each partition; -1 where it has not begun, or its coordinator has.</summary>
    public async Task<long[]> OffsetsAsync(string topic, string group)
    {
        using var client = await ConnectAsync();
        var fetched = await client.AskAsync<OffsetFetchResponse>(ApiKey.OffsetFetch, 7, new OffsetFetchRequest
        {
            GroupId = group, Topics = [new() { Name = topic, PartitionIndexes = [.. Enumerable.Range(0, Partitions)] }],
        });
        if (fetched.ErrorCode != ErrorCode.None) return [.. Enumerable.Repeat(-1L, Partitions)];
        return [.. fetched.Topics[0].Partitions.OrderBy(static one => one.PartitionIndex).Select(static one => one.CommittedOffset)];
    }

    private async Task<string> MemberAsync(string verb, string topic, string group, string count) => await ChildProcess.RunAsync(
        $"{group} of {alias} to read {topic}", Deadline, await Librdkafka.PythonAsync(Librdkafka.Old),
        [Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", "librdkafka", "groups.py"), verb, Address, topic, group, count]);

    private static string[] Lines(string told) => told.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private Task<WireClient> ConnectAsync() => WireClient.ConnectAsync(address.Address.ToString(), address.Port);
}
