using System.Runtime.CompilerServices;
using Moldau.Client.Admin;
using Moldau.Client.Connections;
using Moldau.Client.Metadata;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Consuming;

/// <summary>
/// Reads partitions of a topic, without a group: from a position to the end that was there, or following. One fetch is
/// under way for each leader, and while the caller is busy with what came, the next is on its way.
/// </summary>
public sealed class RecordReader
{
    private const short HighestByName = 12;

    private readonly ClientCore _core;
    private readonly RecordReaderOptions _options;
    private readonly CursorPlacement _placement;
    private long _failingSince = -1;

    internal RecordReader(ClientCore core, TopicAdmin topics, RecordReaderOptions options)
    {
        _core = core;
        _options = options;
        _placement = new CursorPlacement(topics, options);
    }

    /// <summary>Everything that is there, a part of a partition at a time.</summary>
    /// <exception cref="KafkaException">It cannot be read, and that does not pass.</exception>
    public async IAsyncEnumerable<ReceivedRecords> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var cursors = await _placement.RunAsync(cancellation).ConfigureAwait(false);
        // What is under way when the caller stops is called off.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var underway = new List<Task<Round>>();
        try
        {
            var idle = cursors.FindAll(static cursor => !cursor.IsDone);
            var failures = 0;
            while (true)
            {
                idle.RemoveAll(static cursor => cursor.IsDone);
                if (idle.Count > 0)
                {
                    underway.AddRange(await StartAsync(idle, stopping.Token).ConfigureAwait(false));
                    idle = [];
                }

                if (underway.Count == 0) yield break;
                var finished = await Task.WhenAny(underway).ConfigureAwait(false);
                underway.Remove(finished);
                var round = await finished.ConfigureAwait(false);
                idle.AddRange(round.Cursors);
                failures = round.Failure is null ? 0 : failures + 1;
                if (round.Failure is { } failure) await PauseAsync(failure, failures, stopping.Token).ConfigureAwait(false);
                else _failingSince = -1;
                if (round.Parts.Count == 0) continue;

                // The next is asked for before the caller takes its time with this one.
                idle.RemoveAll(static cursor => cursor.IsDone);
                if (idle.Count > 0) underway.AddRange(await StartAsync(idle, stopping.Token).ConfigureAwait(false));
                idle = [];
                foreach (var part in round.Parts) yield return part;
            }
        }
        finally
        {
            await stopping.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(underway).ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    private async Task PauseAsync(KafkaException failure, int failures, CancellationToken cancellation)
    {
        if (!failure.IsTransient) throw failure;
        var now = _core.Options.Clock.GetTimestamp();
        if (_failingSince < 0) _failingSince = now;
        var patience = failure.Code is ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId ? _core.Options.MissingTopicTimeout : _core.Options.OperationTimeout;
        if (_core.Options.Clock.GetElapsedTime(_failingSince) > patience) throw failure;
        if (Retries.IsStaleness(failure.Code)) _core.Metadata.MarkStale();
        await Task.Delay(_core.BackOff.After(failures), _core.Options.Clock, cancellation).ConfigureAwait(false);
    }

    /// <summary>One fetch for each leader of the partitions given; those without a leader come back as a failure.</summary>
    private async Task<List<Task<Round>>> StartAsync(List<PartitionCursor> cursors, CancellationToken cancellation)
    {
        ClusterSnapshot cluster;
        try
        {
            cluster = await _core.Metadata.GetAsync([_options.Topic], createsTopics: false, cancellation).ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            return [Task.FromResult(new Round(cursors, [], failure))];
        }

        var rounds = new List<Task<Round>>();
        var byLeader = new Dictionary<int, List<PartitionCursor>>();
        foreach (var cursor in cursors)
        {
            var leader = cluster.Find(cursor.Where)?.Leader ?? -1;
            if (!cluster.Brokers.ContainsKey(leader))
            {
                rounds.Add(Task.FromResult(new Round([cursor], [], LeaderCalls.Missing(cluster, cursor.Where))));
                continue;
            }

            if (!byLeader.TryGetValue(leader, out var led)) byLeader[leader] = led = [];
            led.Add(cursor);
        }

        foreach (var (leader, led) in byLeader) rounds.Add(FetchAsync(cluster, leader, led, cancellation));
        return rounds;
    }

    private async Task<Round> FetchAsync(ClusterSnapshot cluster, int leader, List<PartitionCursor> cursors, CancellationToken cancellation)
    {
        try
        {
            var connection = await _core.Router.ConnectAsync(Destination.Node(leader), cancellation, ConnectionRole.Fetching).ConfigureAwait(false);
            var topic = cluster.Topics[_options.Topic];
            var version = connection.Choose(ApiKey.Fetch, topic.Id.IsZero ? HighestByName : short.MaxValue);
            var response = await connection.SendAsync<FetchResponse>(
                ApiKey.Fetch, version, RequestFor(topic, cursors), _core.Options.RequestTimeout + _options.LongestWait, cancellation).ConfigureAwait(false);
            if (response.ErrorCode != ErrorCode.None) throw KafkaException.Of(response.ErrorCode, null, _options.Topic);
            var parts = new List<ReceivedRecords>();
            KafkaException? failure = null;
            foreach (var fetched in response.Responses)
            {
                foreach (var partition in fetched.Partitions) failure = Take(cursors, partition, parts) ?? failure;
            }

            return new Round(cursors, parts, failure);
        }
        catch (KafkaException failure)
        {
            return new Round(cursors, [], failure);
        }
    }

    private KafkaException? Take(List<PartitionCursor> cursors, FetchResponse.FetchedPartition partition, List<ReceivedRecords> parts)
    {
        var cursor = cursors.Find(cursor => cursor.Where.Partition == partition.PartitionIndex);
        if (cursor is null) return null;
        if (partition.ErrorCode == ErrorCode.OffsetOutOfRange && _options.Start.What == StartPosition.Kind.Beginning && partition.LogStartOffset > cursor.Next)
        {
            // Retention was faster than this reader; the beginning is further on.
            cursor.Next = partition.LogStartOffset;
            return null;
        }

        if (partition.ErrorCode == ErrorCode.OffsetOutOfRange)
            return new KafkaException(partition.ErrorCode, $"there is no offset {cursor.Next}; the partition's records begin and end elsewhere", cursor.Where.ToString()) { IsTransient = false };
        if (partition.ErrorCode != ErrorCode.None) return KafkaException.Of(partition.ErrorCode, null, cursor.Where.ToString());
        var (records, next) = BatchDecoder.Decode(cursor.Where, partition, cursor.Next, _options.BatchBytes);
        if (!_options.Follows) records.RemoveAll(record => record.Offset >= cursor.End);
        cursor.Next = next;
        if (partition.Records.Length > 0) parts.Add(new ReceivedRecords(cursor.Where, records, partition.Records.Length));
        return null;
    }

    private FetchRequest RequestFor(TopicInfo topic, List<PartitionCursor> cursors)
    {
        var asked = new FetchRequest.FetchTopic { Topic = topic.Name, TopicId = topic.Id };
        foreach (var cursor in cursors)
        {
            asked.Partitions.Add(new FetchRequest.FetchPartition
            {
                Partition = cursor.Where.Partition,
                CurrentLeaderEpoch = topic.Find(cursor.Where.Partition)?.LeaderEpoch ?? -1,
                FetchOffset = cursor.Next,
                PartitionMaxBytes = _options.PartitionBytes,
            });
        }

        return new FetchRequest
        {
            MaxWaitMs = (int)_options.LongestWait.TotalMilliseconds,
            MinBytes = 1,
            MaxBytes = _options.AnswerBytes,
            IsolationLevel = _options.ReadCommitted ? (sbyte)1 : (sbyte)0,
            Topics = [asked],
        };
    }

    /// <summary>What one fetch brought, and whose turn is over with it.</summary>
    private sealed record Round(List<PartitionCursor> Cursors, List<ReceivedRecords> Parts, KafkaException? Failure);
}
