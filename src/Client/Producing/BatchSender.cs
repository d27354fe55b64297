using System.Collections.Concurrent;
using Moldau.Client.Connections;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;

namespace Moldau.Client.Producing;

/// <summary>Brings one batch to whoever leads its partition, until it is confirmed or its time is over.</summary>
internal sealed class BatchSender(ClientCore core, RecordWriterOptions options, Func<CancellationToken, Task<ProducerIdentity>> identity, CancellationToken closing)
{
    private const short HighestByName = 12;
    private const short AllReplicas = -1;

    private readonly ConcurrentBag<RecordBatchBuilder> _builders = [];

    public RecordBatchBuilder RentBuilder() =>
        _builders.TryTake(out var builder) ? builder : new RecordBatchBuilder(options.Compression, options.CompressionLevel, Math.Min(options.BatchBytes, 64 << 10));

    public void ReturnBuilder(RecordBatchBuilder builder)
    {
        builder.Clear();
        _builders.Add(builder);
    }

    /// <returns>The offset of the batch's first record; -1 where the broker had it already and does not say.</returns>
    /// <exception cref="KafkaException">It was refused, or not confirmed in time.</exception>
    public async Task<long> SendAsync(TopicPartition where, OpenBatch batch, int sequence)
    {
        var started = core.Options.Clock.GetTimestamp();
        var missingSince = -1L;
        for (var failures = 1; ; failures++)
        {
            KafkaException failure;
            try
            {
                return await TryAsync(where, batch, sequence, closing).ConfigureAwait(false);
            }
            catch (KafkaException refused) when (refused.IsTransient)
            {
                failure = refused;
            }

            if (Retries.IsStaleness(failure.Code)) core.Metadata.MarkStale();
            if (failure.Code != ErrorCode.UnknownTopicOrPartition) missingSince = -1;
            else if (missingSince < 0) missingSince = core.Options.Clock.GetTimestamp();
            if (missingSince >= 0 && core.Options.Clock.GetElapsedTime(missingSince) > core.Options.MissingTopicTimeout) throw failure;
            if (core.Options.Clock.GetElapsedTime(started) > options.DeliveryTimeout)
                throw new KafkaException(failure.Code, $"not confirmed within {options.DeliveryTimeout.TotalSeconds:0.###} s: {failure.Message}", null, failure) { IsTransient = false };
            try
            {
                await Task.Delay(core.BackOff.After(failures), core.Options.Clock, closing).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                throw failure;
            }
        }
    }

    private async Task<long> TryAsync(TopicPartition where, OpenBatch batch, int sequence, CancellationToken cancellation)
    {
        var cluster = await core.Metadata.GetAsync([where.Topic], createsTopics: true, cancellation).ConfigureAwait(false);
        if (cluster.Find(where) is not { } partition || !cluster.Brokers.ContainsKey(partition.Leader)) throw LeaderCalls.Missing(cluster, where);
        var topic = cluster.Topics[where.Topic];
        var producer = options.IsIdempotent ? await identity(cancellation).ConfigureAwait(false) with { BaseSequence = sequence } : ProducerIdentity.None;
        var bytes = batch.Builder.Finish(new BatchOptions { Producer = producer });

        var connection = await core.Router.ConnectAsync(Destination.Node(partition.Leader), cancellation).ConfigureAwait(false);
        var version = connection.Choose(ApiKey.Produce, topic.Id.IsZero ? HighestByName : short.MaxValue);
        var request = new ProduceRequest
        {
            Acks = options.WaitsForAll ? AllReplicas : (short)1,
            TimeoutMs = (int)core.Options.RequestTimeout.TotalMilliseconds,
            TopicData =
            [
                new ProduceRequest.Topic
                {
                    Name = where.Topic,
                    TopicId = topic.Id,
                    PartitionData = [new ProduceRequest.Partition { Index = where.Partition, Records = RecordData.Of(bytes) }],
                },
            ],
        };
        var response = await connection.SendAsync<ProduceResponse>(ApiKey.Produce, version, request, core.Options.RequestTimeout * 2, cancellation).ConfigureAwait(false);
        var answer = response.Responses[0].PartitionResponses[0];
        return answer.ErrorCode switch
        {
            ErrorCode.None => answer.BaseOffset,
            // The first try had arrived, and its answer had not.
            ErrorCode.DuplicateSequenceNumber => -1,
            _ => throw KafkaException.Of(answer.ErrorCode, answer.RecordErrors.Count > 0 ? answer.RecordErrors[0].BatchIndexErrorMessage ?? answer.ErrorMessage : answer.ErrorMessage, where.ToString()),
        };
    }
}
