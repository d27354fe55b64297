using System.Runtime.CompilerServices;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Serdes;
using Moldau.Protocol.Errors;

namespace Moldau.Client.DeadLetters;

/// <summary>Dead letters: looked at, and sent back to where they came from.</summary>
public sealed class DeadLetterAdmin
{
    private const string TopicSetting = "errors.deadletterqueue.topic.name";

    private readonly KafkaClient _client;

    internal DeadLetterAdmin(KafkaClient client) => _client = client;

    /// <summary>The dead letter topic that a share group's settings name; null where they name none.</summary>
    /// <exception cref="KafkaException">The group's settings may not be read.</exception>
    public async Task<string?> FindTopicAsync(string group, CancellationToken cancellation = default)
    {
        var settings = await _client.Configs.DescribeAsync(new ConfigResource(ConfigResourceType.Group, group), cancellation: cancellation).ConfigureAwait(false);
        return settings.FirstOrDefault(static setting => setting.Name == TopicSetting)?.Value is { Length: > 0 } topic ? topic : null;
    }

    /// <summary>
    /// The letters that are there when it begins, partition by partition in their order. The topic is read twice: what was sent back is told
    /// behind. A record that was copied twice, as a broker's crash makes it happen, is told of once.
    /// </summary>
    /// <exception cref="KafkaException">The topic is not there or may not be read.</exception>
    public async IAsyncEnumerable<DeadLetter> ReadAsync(string topic, DeadLetterQuery? query = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var ends = await EndsAsync(topic, cancellation).ConfigureAwait(false);
        await foreach (var letter in ReadAsync(ends, query ?? new DeadLetterQuery(), cancellation).ConfigureAwait(false)) yield return letter;
    }

    /// <summary>What a replay would do; nothing is sent.</summary>
    /// <exception cref="KafkaException">The topic is not there or may not be read.</exception>
    public async Task<DeadLetterPlan> PlanAsync(string topic, DeadLetterQuery? query = null, CancellationToken cancellation = default)
    {
        query ??= new DeadLetterQuery();
        var ends = await EndsAsync(topic, cancellation).ConfigureAwait(false);
        var letters = new Dictionary<TopicPartition, long>();
        await foreach (var letter in ReadAsync(ends, query, cancellation).ConfigureAwait(false)) letters[letter.Origin] = letters.GetValueOrDefault(letter.Origin) + 1;
        return new DeadLetterPlan(topic, query, letters) { Ends = ends };
    }

    /// <summary>
    /// Sends the plan's letters back, each exactly once: they and the mark that they were sent are written in one transaction, some hundred at a
    /// time. A replay that was interrupted is gone on with by the next; two at once are not possible, the later one counts.
    /// </summary>
    /// <param name="plan">What is sent.</param>
    /// <param name="to">A topic that they are sent to in place of those they came from; null for these.</param>
    /// <param name="cancellation">Stops between two letters; what was committed stays sent.</param>
    /// <exception cref="KafkaException">A topic is not there, or something was refused.</exception>
    public async Task<ReplayResult> ReplayAsync(DeadLetterPlan plan, string? to = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var replay = await DeadLetterReplay.BeginAsync(_client, plan, to, cancellation).ConfigureAwait(false);
        await using (replay.ConfigureAwait(false))
        {
            await foreach (var letter in ReadAsync(plan.Ends, plan.Query, cancellation).ConfigureAwait(false)) await replay.SendAsync(letter, cancellation).ConfigureAwait(false);
            return await replay.EndAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerable<DeadLetter> ReadAsync(IReadOnlyDictionary<TopicPartition, long> ends, DeadLetterQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var (where, end) in ends)
        {
            // Marks lie behind their letters, and behind the plan's end too where somebody else was quicker.
            var replayed = new OffsetRanges();
            await foreach (var batch in WalkAsync(where, cancellation).ConfigureAwait(false))
            {
                for (var i = 0; i < batch.Count; i++) ReplayMark.Read(batch.Raw(i), replayed);
            }

            var told = new ToldLetters();
            await foreach (var batch in WalkAsync(where, cancellation).ConfigureAwait(false))
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    if (batch.Raw(i).Offset >= end) break;
                    if (ReplayMark.Is(batch.Raw(i))) told.Forget();
                    else if (LetterForm.Read(where, batch.Raw(i), replayed.Contains) is { } letter && told.IsFirst(letter) && query.Includes(letter)) yield return letter;
                }
            }
        }
    }

    private async IAsyncEnumerable<Batch<None, None>> WalkAsync(TopicPartition where, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var consumer = _client.CreateConsumer<None, None>(new ConsumerOptions { Reset = OffsetReset.Earliest, StopAtEnd = true });
        await using (consumer.ConfigureAwait(false))
        {
            await consumer.AssignAsync(new Dictionary<TopicPartition, StartPosition> { [where] = StartPosition.Beginning }).ConfigureAwait(false);
            await foreach (var batch in consumer.ReadBatchesAsync(cancellation).ConfigureAwait(false)) yield return batch;
        }
    }

    /// <summary>In the order of partitions.</summary>
    private async Task<SortedDictionary<TopicPartition, long>> EndsAsync(string topic, CancellationToken cancellation)
    {
        var described = (await _client.Topics.DescribeAsync([topic], cancellation).ConfigureAwait(false))[0].Get();
        var queries = new Dictionary<TopicPartition, OffsetQuery>();
        foreach (var partition in described.Partitions) queries[new TopicPartition(topic, partition.Partition)] = OffsetQuery.Latest;
        var ends = new SortedDictionary<TopicPartition, long>(Comparer<TopicPartition>.Create(static (one, other) => one.Partition.CompareTo(other.Partition)));
        foreach (var (where, found) in await _client.Topics.OffsetsAsync(queries, cancellation: cancellation).ConfigureAwait(false)) ends[where] = found.Get().Offset;
        return ends;
    }
}
