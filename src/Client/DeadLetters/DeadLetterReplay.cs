using System.Globalization;
using System.Text;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Client.Serdes;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Records;

namespace Moldau.Client.DeadLetters;

/// <summary>One replay: letters go back in transactions, each with the marks of what it sent.</summary>
internal sealed class DeadLetterReplay : IAsyncDisposable
{
    private const int LettersAtOnce = 500;
    private const string From = "moldau.replayed.from";

    private readonly KafkaClient _client;
    private readonly DeadLetterPlan _plan;
    private readonly string? _to;
    private readonly Dictionary<string, int> _partitions;
    private readonly Dictionary<string, KafkaException> _unreadable;
    private readonly Producer _producer;
    private readonly Dictionary<int, OffsetRanges> _marks = [];
    private readonly List<DeadLetter> _gone = [];
    private Transaction? _transaction;
    private int _underWay;
    private long _sent;

    private DeadLetterReplay(KafkaClient client, DeadLetterPlan plan, string? to, Dictionary<string, int> partitions, Dictionary<string, KafkaException> unreadable)
    {
        (_client, _plan, _to, _partitions, _unreadable) = (client, plan, to, partitions, unreadable);
        // One id a topic: a replay that somebody begins beside this one ends it. Somebody waits for it, as for the client's other answers.
        _producer = client.CreateProducer(new ProducerOptions { TransactionalId = $"moldau-replay-{plan.Topic}", DeliveryTimeout = client.OperationTimeout });
    }

    public static async Task<DeadLetterReplay> BeginAsync(KafkaClient client, DeadLetterPlan plan, string? to, CancellationToken cancellation)
    {
        var origins = plan.Letters.Keys.Select(static where => where.Topic).ToHashSet(StringComparer.Ordinal);
        var partitions = new Dictionary<string, int>(StringComparer.Ordinal);
        var unreadable = new Dictionary<string, KafkaException>(StringComparer.Ordinal);
        foreach (var topic in await client.Topics.DescribeAsync(to is null ? [.. origins] : [.. origins.Append(to).Distinct(StringComparer.Ordinal)], cancellation).ConfigureAwait(false))
        {
            if (topic.Error is { Code: ErrorCode.UnknownTopicOrPartition } && to is null)
                throw new KafkaException(ErrorCode.UnknownTopicOrPartition, "the topic that dead letters came from is no more; name another to send them to", topic.Item);
            // Where letters are sent elsewhere, only those without a copy need the topic they came from, and what is not to be found there is told letter by letter.
            if (topic.Error is { } fault && topic.Item != to)
            {
                if (fault.Code != ErrorCode.UnknownTopicOrPartition) unreadable[topic.Item] = fault;
                continue;
            }

            partitions[topic.Item] = topic.Get().Partitions.Count;
        }

        return new DeadLetterReplay(client, plan, to, partitions, unreadable);
    }

    public async Task SendAsync(DeadLetter letter, CancellationToken cancellation)
    {
        var whole = letter;
        // What it points at may still be there.
        if (!letter.IsCopy && letter.Key.IsNull && letter.Value.IsNull && await OriginalAsync(letter, cancellation).ConfigureAwait(false) is var found)
        {
            if (found is null)
            {
                _gone.Add(letter);
                return;
            }

            whole = found;
        }

        _transaction ??= await _producer.BeginAsync(cancellation).ConfigureAwait(false);
        var topic = _to ?? letter.Origin.Topic;
        await _producer.EnqueueAsync(topic, new OutgoingRecord
        {
            Key = whole.Key,
            Value = whole.Value,
            Headers = [.. whole.Headers, new RecordHeader(From, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{letter.Where}@{letter.Offset}")))],
            // Another topic, or one that was made anew with fewer partitions, has its own way to spread keys.
            Partition = _to is null && letter.Origin.Partition < _partitions.GetValueOrDefault(topic) ? letter.Origin.Partition : null,
        }, cancellation).ConfigureAwait(false);
        if (!_marks.TryGetValue(letter.Where.Partition, out var marks)) _marks.Add(letter.Where.Partition, marks = new OffsetRanges());
        marks.Add(letter.Offset, letter.Offset);
        if (++_underWay == LettersAtOnce) await CommitAsync(cancellation).ConfigureAwait(false);
    }

    public async Task<ReplayResult> EndAsync(CancellationToken cancellation)
    {
        if (_transaction is not null) await CommitAsync(cancellation).ConfigureAwait(false);
        return new ReplayResult(_sent, _gone);
    }

    public async ValueTask DisposeAsync()
    {
        if (_transaction is not null) await _transaction.DisposeAsync().ConfigureAwait(false);
        await _producer.DisposeAsync().ConfigureAwait(false);
    }

    private async Task CommitAsync(CancellationToken cancellation)
    {
        foreach (var (partition, sent) in _marks) await _producer.EnqueueAsync(_plan.Topic, ReplayMark.Of(partition, sent), cancellation).ConfigureAwait(false);
        await _transaction!.CommitAsync(cancellation).ConfigureAwait(false);
        _sent += _underWay;
        (_transaction, _underWay) = (null, 0);
        _marks.Clear();
    }

    private async Task<DeadLetter?> OriginalAsync(DeadLetter letter, CancellationToken cancellation)
    {
        if (_unreadable.TryGetValue(letter.Origin.Topic, out var fault)) throw fault;
        if (letter.Origin.Partition >= _partitions.GetValueOrDefault(letter.Origin.Topic)) return null;
        var consumer = _client.CreateConsumer<None, None>(new ConsumerOptions { Reset = OffsetReset.Earliest, StopAtEnd = true, ReadCommitted = false });
        await using (consumer.ConfigureAwait(false))
        {
            await consumer.AssignAsync(new Dictionary<TopicPartition, StartPosition> { [letter.Origin] = StartPosition.Offset(letter.OriginOffset) }).ConfigureAwait(false);
            await foreach (var batch in consumer.ReadBatchesAsync(cancellation).ConfigureAwait(false))
            {
                if (batch.Count == 0) continue;
                var record = batch.Raw(0);
                if (record.Offset != letter.OriginOffset) return null;
                return letter with { Key = Copy(record.Key), Value = Copy(record.Value), Headers = record.Headers.ToArray() };
            }

            return null;
        }
    }

    private static RecordBytes Copy(ReadOnlyMemory<byte>? bytes) => bytes is { } present ? present.ToArray() : RecordBytes.Null;
}
