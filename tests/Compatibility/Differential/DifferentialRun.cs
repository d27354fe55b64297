using System.Text.RegularExpressions;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Shared.Messages;

namespace Moldau.Compatibility.Differential;

/// <summary>One script, sent to both brokers step by step, and what they answered otherwise.</summary>
internal sealed partial class DifferentialRun(string script, BrokerSide ours, BrokerSide kafkas)
{
    public const string BarrierTopic = "the-barrier";

    private const int Attempts = 40;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>What changes nothing may be asked again, until a broker that decides first and acts later has acted.</summary>
    private static readonly HashSet<ApiKey> Questions =
    [
        ApiKey.Metadata, ApiKey.ListOffsets, ApiKey.ApiVersions, ApiKey.OffsetForLeaderEpoch, ApiKey.DescribeConfigs, ApiKey.DescribeLogDirs, ApiKey.DescribeCluster,
        ApiKey.DescribeQuorum, ApiKey.DescribeProducers, ApiKey.DescribeTopicPartitions, ApiKey.ListConfigResources, ApiKey.ListPartitionReassignments, ApiKey.ListGroups, ApiKey.DescribeGroups, ApiKey.OffsetFetch,
        ApiKey.DescribeAcls, ApiKey.DescribeClientQuotas, ApiKey.DescribeDelegationToken, ApiKey.DescribeUserScramCredentials, ApiKey.ShareGroupDescribe, ApiKey.DescribeShareGroupOffsets,
    ];

    private static readonly HashSet<ApiKey> Decisions =
    [
        ApiKey.CreateTopics, ApiKey.DeleteTopics, ApiKey.CreatePartitions, ApiKey.AlterConfigs, ApiKey.IncrementalAlterConfigs, ApiKey.UpdateFeatures, ApiKey.Metadata,
        ApiKey.CreateAcls, ApiKey.DeleteAcls, ApiKey.CreateDelegationToken, ApiKey.AlterUserScramCredentials,
    ];

    private readonly List<Difference> _found = [];
    private int _barriers;

    public int Requests { get; private set; }

    public IReadOnlyList<Difference> Found => _found;

    public async Task RunAsync(Script text, int firstBarrier)
    {
        _barriers = firstBarrier;
        foreach (var step in text.Steps)
        {
            foreach (var version in step.Versions)
            {
                foreach (var user in step.Users) await StepAsync(user is null ? step : step with { Case = $"{step.Case} as {user}", Users = [user] }, version);
            }
        }
    }

    private async Task StepAsync(ScriptStep step, short version)
    {
        Requests++;
        var ourAnswer = await AskUntilAsync(ours, step, version);
        var kafkasAnswer = await AskUntilAsync(kafkas, step, version);
        var attempts = Questions.Contains(step.Api.Key) && step.Request is not null && !step.Request.Contains("\"AllowAutoTopicCreation\": true", StringComparison.Ordinal) ? Attempts : 1;
        for (var attempt = 1; attempt < attempts && !ourAnswer.SequenceEqual(kafkasAnswer) && attempt < 1 + (Attempts / 8); attempt++)
        {
            await Task.Delay(Pause);
            // Only Kafka is asked again: ours has carried out what it has answered, and must be right the first time.
            kafkasAnswer = await AskAsync(kafkas, step, version);
        }

        Compare(step, version, ourAnswer, kafkasAnswer);
        if (step.Api.Key == ApiKey.AlterReplicaLogDirs)
        {
            await ours.UntilMovedAsync();
            await kafkas.UntilMovedAsync();
        }

        if (step.Api.Key is ApiKey.EndTxn or ApiKey.InitProducerId && TransactionalId().Match(step.Request ?? "") is { Success: true } ended)
        {
            await ours.UntilEndedAsync(ended.Groups[1].Value);
            await kafkas.UntilEndedAsync(ended.Groups[1].Value);
        }

        if (step.Request is { } request && step.Api.Key == ApiKey.IncrementalAlterConfigs && request.Contains("cordoned.log.dirs", StringComparison.Ordinal))
        {
            var isEverywhere = request.Contains("\"*\"", StringComparison.Ordinal);
            await ours.UntilCordonedAsync(isEverywhere);
            await kafkas.UntilCordonedAsync(isEverywhere);
        }

        if (!Decisions.Contains(step.Api.Key)) return;
        if (step.Api.Key == ApiKey.Metadata && attempts > 1) return;
        _barriers++;
        await ours.SettleAsync(BarrierTopic, _barriers);
        await kafkas.SettleAsync(BarrierTopic, _barriers);
    }

    [GeneratedRegex("\"TransactionalId\": \"([^\"]+)\"")]
    private static partial Regex TransactionalId();

    private void Compare(ScriptStep step, short version, SortedDictionary<string, string> ourAnswer, SortedDictionary<string, string> kafkasAnswer)
    {
        foreach (var field in ourAnswer.Keys.Union(kafkasAnswer.Keys).Order(StringComparer.Ordinal))
        {
            var (one, other) = (ourAnswer.GetValueOrDefault(field, "missing"), kafkasAnswer.GetValueOrDefault(field, "missing"));
            if (IsReason(field, ourAnswer) ? one == "a message" : one == other) continue;
            if ((one == "missing" || other == "missing") && IsInsideMissing(field, ourAnswer, kafkasAnswer)) continue;
            _found.Add(new Difference(script, step, version, field, one, other));
        }
    }

    /// <summary>Kafka says nothing in many places where the version has room for a reason. We say one wherever there is an error.</summary>
    private static bool IsReason(string field, SortedDictionary<string, string> ourAnswer) =>
        field.EndsWith("ErrorMessage", StringComparison.Ordinal) && ourAnswer.TryGetValue(field[..^"Message".Length] + "Code", out var error) && error != "0 None";

    /// <summary>Of an element that one side has not, only the element is told.</summary>
    private static bool IsInsideMissing(string field, SortedDictionary<string, string> one, SortedDictionary<string, string> other)
    {
        for (var at = field.LastIndexOf("].", StringComparison.Ordinal); at >= 0; at = at == 0 ? -1 : field.LastIndexOf("].", at - 1, StringComparison.Ordinal))
        {
            var element = field[..(at + 1)];
            if (one.ContainsKey(element) != other.ContainsKey(element)) return true;
        }

        return false;
    }

    private static async Task<SortedDictionary<string, string>> AskUntilAsync(BrokerSide side, ScriptStep step, short version)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await AskAsync(side, step, version);
            if (step.Until is not { } words || answer.Values.Any(value => value.Contains(words, StringComparison.Ordinal))) return answer;
            if (TimeProvider.System.GetElapsedTime(since) > Patience) throw new TimeoutException($"{side.Name}, line {step.Line}: waited {Patience.TotalSeconds} s until an answer says '{words}'");
            await Task.Delay(Pause);
        }
    }

    private static async Task<SortedDictionary<string, string>> AskAsync(BrokerSide side, ScriptStep step, short version)
    {
        try
        {
            return await AskInTimeAsync(side, step, version);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{side.Name}, line {step.Line}: {late.Message}", late);
        }
    }

    private static async Task<SortedDictionary<string, string>> AskInTimeAsync(BrokerSide side, ScriptStep step, short version)
    {
        var connection = await side.ConnectAsync(step.Users[0]);
        if (step.Request is null) return Silence((await connection.AskAsync(step.Api, version, ReadOnlyMemory<byte>.Empty)).Silence ?? "a response");
        var json = side.Fill(step.Request.Replace("$v", $"{version}", StringComparison.Ordinal));
        var body = new RequestText(MessageCatalog.Get(step.Api.NewRequest().Name), version).Write(json);
        var isTold = step.Api.Key == ApiKey.Produce && json.Contains("\"Acks\": 0", StringComparison.Ordinal);
        var answer = isTold ? await connection.TellAsync(step.Api, version, body) : await connection.AskAsync(step.Api, version, body);
        if (answer.Silence is not null) return Silence(answer.Silence);

        var binding = MessageCatalog.Get(step.Api.NewResponse().Name);
        var response = step.Api.NewResponse();
        Read(response, answer.Body, version);
        Learn(side, response);
        var content = binding.ContentOf(response, version);
        foreach (var (variable, field) in step.Saves) side.Save(variable, $"{content[field]}");
        return new AnswerText(binding, version, side).Read(content);
    }

    private static void Read(IMessage response, ReadOnlyMemory<byte> body, short version)
    {
        var reader = new WireReader(body);
        response.Read(ref reader, version);
        reader.ExpectEnd(response.Name);
    }

    private static void Learn(BrokerSide side, IMessage response)
    {
        if (response is CreateTopicsResponse created)
        {
            foreach (var topic in created.Topics) side.Learn(topic.Name, topic.TopicId);
        }
        else if (response is MetadataResponse metadata)
        {
            foreach (var topic in metadata.Topics) side.Learn(topic.Name ?? "", topic.TopicId);
        }
    }

    private static SortedDictionary<string, string> Silence(string what) => new(StringComparer.Ordinal) { ["Response"] = what };
}
