using System.Globalization;
using Moldau.Compatibility.Serving;
using Moldau.Compatibility.Wire;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Compatibility.PowerLoss;

/// <summary>
/// Changes what a broker must remember besides records, one step after the other, and remembers which step was
/// acknowledged: a topic's setting is counted up, topics are made and deleted.
/// </summary>
internal sealed class CountingAdministrator(string topic)
{
    private const string Setting = "delete.retention.ms";
    private const int StepsATopic = 4;
    private const int MostTopics = 3;

    private readonly SortedSet<int> _there = [];
    private readonly SortedSet<int> _gone = [];
    private int _nextTopic;
    private int _pendingTopic = -1;

    /// <summary>The value that was acknowledged last.</summary>
    public int Acknowledged { get; private set; }

    public int TopicsMade => _nextTopic;

    /// <summary>Goes on until the broker is gone.</summary>
    public async Task RunAsync(BrokerProcess broker)
    {
        try
        {
            using var client = await broker.ConnectAsync();
            while (true) await StepAsync(client);
        }
        catch (Exception gone) when (gone is IOException or System.Net.Sockets.SocketException or InvalidDataException { InnerException: EndOfStreamException })
        {
            // Killed.
        }
    }

    public async Task StepAsync(WireClient client)
    {
        if (Acknowledged % StepsATopic == StepsATopic - 1) await MakeTopicAsync(client);
        if (_there.Count > MostTopics) await DeleteTopicAsync(client);
        var altered = (await client.AskAsync<IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, 1, new IncrementalAlterConfigsRequest
        {
            Resources = [new() { ResourceType = 2, ResourceName = topic, Configs = [new() { Name = Setting, ConfigOperation = 0, Value = (Acknowledged + 1).ToString(CultureInfo.InvariantCulture) }] }],
        })).Responses[0];
        Require(altered.ErrorCode, altered.ErrorMessage);
        Acknowledged++;
    }

    /// <summary>Takes over what was under way when the broker was gone, whichever way it ended.</summary>
    /// <returns>What is lost; null where nothing is.</returns>
    public async Task<string?> FindLossAsync(BrokerProcess broker)
    {
        using var client = await broker.ConnectAsync();
        var found = await ValueAsync(client);
        if (found != Acknowledged && found != Acknowledged + 1) return $"{Setting} is {found}, and {Acknowledged} was acknowledged";
        Acknowledged = found;
        var topics = new HashSet<string>(StringComparer.Ordinal);
        foreach (var known in (await client.AskAsync<MetadataResponse>(ApiKey.Metadata, 12, new MetadataRequest { Topics = null })).Topics)
        {
            if (known.Name is not { } name) continue;
            topics.Add(name);
            foreach (var partition in known.Partitions)
            {
                if (partition.ErrorCode != ErrorCode.None) return $"{name}-{partition.PartitionIndex}: {partition.ErrorCode}";
            }
        }

        if (_pendingTopic >= 0) (topics.Contains(NameOf(_pendingTopic)) ? _there : _gone).Add(_pendingTopic);
        _pendingTopic = -1;
        foreach (var number in _there)
        {
            if (!topics.Contains(NameOf(number))) return $"{NameOf(number)} was made, and is gone";
        }

        foreach (var number in _gone)
        {
            if (topics.Contains(NameOf(number))) return $"{NameOf(number)} was deleted, and is back";
        }

        return null;
    }

    private async Task<int> ValueAsync(WireClient client)
    {
        var described = (await client.AskAsync<DescribeConfigsResponse>(ApiKey.DescribeConfigs, 4, new DescribeConfigsRequest
        {
            Resources = [new() { ResourceType = 2, ResourceName = topic, ConfigurationKeys = [Setting] }],
        })).Results[0];
        if (described.ErrorCode != ErrorCode.None) return -1;
        // 1: set on the topic.
        return described.Configs[0].ConfigSource == 1 ? int.Parse(described.Configs[0].Value!, CultureInfo.InvariantCulture) : 0;
    }

    private async Task MakeTopicAsync(WireClient client)
    {
        if (_there.Count > 0 && _there.Max == _nextTopic - 1 && _nextTopic > Acknowledged / StepsATopic) return;
        _pendingTopic = _nextTopic++;
        var made = (await client.AskAsync<CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest
        {
            Topics = [new CreateTopicsRequest.Topic { Name = NameOf(_pendingTopic), NumPartitions = 1 + (_pendingTopic % 3), ReplicationFactor = -1 }],
        })).Topics[0];
        Require(made.ErrorCode, made.ErrorMessage);
        _there.Add(_pendingTopic);
        _pendingTopic = -1;
    }

    private async Task DeleteTopicAsync(WireClient client)
    {
        _pendingTopic = _there.Min;
        _there.Remove(_pendingTopic);
        var deleted = (await client.AskAsync<DeleteTopicsResponse>(ApiKey.DeleteTopics, 5, new DeleteTopicsRequest { TopicNames = [NameOf(_pendingTopic)], TimeoutMs = 30_000 })).Responses[0];
        Require(deleted.ErrorCode, deleted.ErrorMessage);
        _gone.Add(_pendingTopic);
        _pendingTopic = -1;
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"made-{number}");

    private static void Require(ErrorCode error, string? message)
    {
        if (error != ErrorCode.None) throw new InvalidDataException($"{error}, {message}");
    }
}
