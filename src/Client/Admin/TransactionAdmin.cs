using Moldau.Client.Connections;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>Transactions: listed, described, ended by force.</summary>
public sealed class TransactionAdmin
{
    private readonly ClientCore _core;

    internal TransactionAdmin(ClientCore core) => _core = core;

    /// <summary>The transactional ids of all brokers, in their order; of a broker that cannot be asked, its error.</summary>
    /// <param name="states">Only in one of these states; none for any.</param>
    /// <param name="openFor">Only those whose transaction has been open for longer.</param>
    /// <param name="pattern">A regular expression for the whole id, in RE2's syntax; null for any.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<Outcome<TransactionInfo>>> ListAsync(
        IReadOnlyCollection<string>? states = null, TimeSpan? openFor = null, string? pattern = null, CancellationToken cancellation = default)
    {
        var request = new ListTransactionsRequest { StateFilters = [.. states ?? []], DurationFilter = openFor is { } least ? (long)least.TotalMilliseconds : -1, TransactionalIdPattern = pattern };
        var outcomes = await Outcomes.OfBrokersAsync<TransactionInfo>(await _core.BrokersAsync(cancellation).ConfigureAwait(false), async broker =>
        {
            var response = await _core.Router.AskAsync<ListTransactionsResponse>(
                Destination.Node(broker), ApiKey.ListTransactions, request, answer => (answer.ErrorCode, answer.ErrorCode == ErrorCode.InvalidRegularExpression ? $"'{pattern}' is no regular expression of RE2's syntax" : null), cancellation).ConfigureAwait(false);
            if (response.UnknownStateFilters.Count > 0)
                throw new KafkaException(ErrorCode.InvalidRequest, $"there is no state {string.Join(", ", response.UnknownStateFilters)} of transactions", $"broker {broker}");
            return response.TransactionStates.Select(one => new Outcome<TransactionInfo>(one.TransactionalId, new TransactionInfo(one.TransactionalId, one.ProducerId, one.TransactionState, broker), null));
        }).ConfigureAwait(false);
        outcomes.Sort(static (one, other) => string.CompareOrdinal(one.Item, other.Item));
        return outcomes;
    }

    /// <summary>Each transactional id with its transaction; one that is not there comes with its error.</summary>
    public async Task<IReadOnlyList<Outcome<TransactionDescription>>> DescribeAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation = default) =>
        await Outcomes.OfEachAsync(ids, async id =>
        {
            var destination = Destination.CoordinatorOfTransactions(id);
            var response = await _core.Router.AskAsync<DescribeTransactionsResponse>(
                destination, ApiKey.DescribeTransactions, new DescribeTransactionsRequest { TransactionalIds = [id] }, static answer => (answer.TransactionStates[0].ErrorCode, null), cancellation).ConfigureAwait(false);
            return Of(response.TransactionStates[0], await _core.Router.LocateAsync(destination, cancellation).ConfigureAwait(false));
        }).ConfigureAwait(false);

    /// <summary>The producers that a partition keeps state of.</summary>
    /// <exception cref="KafkaException">It was refused, or there is no such partition.</exception>
    public async Task<IReadOnlyList<PartitionProducer>> ProducersAsync(TopicPartition partition, CancellationToken cancellation = default)
    {
        var request = new DescribeProducersRequest { Topics = [new DescribeProducersRequest.Topic { Name = partition.Topic, PartitionIndexes = [partition.Partition] }] };
        var outcomes = await _core.Leaders.RunAsync<List<PartitionProducer>>(
            [partition],
            async (connection, _, token) =>
            {
                var response = await connection.SendAsync<DescribeProducersResponse>(
                    ApiKey.DescribeProducers, connection.Choose(ApiKey.DescribeProducers), request, _core.Options.RequestTimeout, token).ConfigureAwait(false);
                var told = response.Topics[0].Partitions[0];
                var error = told.ErrorCode == ErrorCode.None ? null : KafkaException.Of(told.ErrorCode, told.ErrorMessage, partition.ToString());
                var producers = new List<PartitionProducer>();
                foreach (var producer in told.ActiveProducers) producers.Add(Of(producer));
                return [(partition, new Outcome<List<PartitionProducer>>(partition.ToString(), producers, error))];
            },
            cancellation).ConfigureAwait(false);
        return outcomes[partition].Get();
    }

    /// <summary>
    /// Fences the producer that has this transactional id: an open transaction is aborted by its coordinator, everywhere, and
    /// the producer's next request is refused.
    /// </summary>
    public async Task FenceAsync(TransactionDescription transaction, CancellationToken cancellation = default) =>
        await _core.Router.AskAsync<InitProducerIdResponse>(
            Destination.CoordinatorOfTransactions(transaction.Id), ApiKey.InitProducerId,
            new InitProducerIdRequest { TransactionalId = transaction.Id, TransactionTimeoutMs = (int)transaction.Timeout.TotalMilliseconds },
            static answer => (answer.ErrorCode, null), cancellation).ConfigureAwait(false);

    /// <summary>
    /// Ends a transaction that hangs in one partition, past its coordinator: for one that no coordinator knows of any more.
    /// </summary>
    /// <exception cref="KafkaException">It was refused, or is not open any more.</exception>
    public async Task AbortAsync(TopicPartition partition, PartitionProducer producer, CancellationToken cancellation = default)
    {
        var marker = new WriteTxnMarkersRequest.Marker
        {
            ProducerId = producer.ProducerId,
            ProducerEpoch = (short)producer.Epoch,
            TransactionResult = false,
            CoordinatorEpoch = Math.Max(0, producer.CoordinatorEpoch),
            Topics = [new WriteTxnMarkersRequest.Topic { Name = partition.Topic, PartitionIndexes = [partition.Partition] }],
        };
        var outcomes = await _core.Leaders.RunAsync<long>(
            [partition],
            async (connection, _, token) =>
            {
                var response = await connection.SendAsync<WriteTxnMarkersResponse>(
                    ApiKey.WriteTxnMarkers, connection.Choose(ApiKey.WriteTxnMarkers), new WriteTxnMarkersRequest { Markers = [marker] }, _core.Options.RequestTimeout, token).ConfigureAwait(false);
                var code = response.Markers[0].Topics[0].Partitions[0].ErrorCode;
                return [(partition, new Outcome<long>(partition.ToString(), producer.ProducerId, code == ErrorCode.None ? null : KafkaException.Of(code, null, partition.ToString())))];
            },
            cancellation).ConfigureAwait(false);
        outcomes[partition].Get();
    }

    private static TransactionDescription Of(DescribeTransactionsResponse.Transaction told, int coordinator)
    {
        var partitions = new List<TopicPartition>();
        foreach (var topic in told.Topics)
        {
            foreach (var partition in topic.Partitions) partitions.Add(new TopicPartition(topic.Topic, partition));
        }

        return new TransactionDescription(
            told.TransactionalId, told.TransactionState, told.ProducerId, told.ProducerEpoch, TimeSpan.FromMilliseconds(told.TransactionTimeoutMs), Time(told.TransactionStartTimeMs), coordinator, partitions);
    }

    private static PartitionProducer Of(DescribeProducersResponse.Producer told) =>
        new(told.ProducerId, told.ProducerEpoch, told.LastSequence, Time(told.LastTimestamp), told.CoordinatorEpoch, told.CurrentTxnStartOffset < 0 ? null : told.CurrentTxnStartOffset);

    private static DateTimeOffset? Time(long milliseconds) => milliseconds < 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
