using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Transactions;

/// <summary>DescribeTransactions and ListTransactions.</summary>
internal sealed class TransactionReports(TransactionTable table)
{
    private static readonly Dictionary<string, TransactionState> States = Enum.GetValues<TransactionState>().ToDictionary(static state => state.ToString());

    /// <summary>Filters by state that name none.</summary>
    public static IEnumerable<string> UnknownStates(ListTransactionsRequest request)
    {
        var unknown = new List<string>();
        foreach (var filter in request.StateFilters)
        {
            if (!States.ContainsKey(filter)) unknown.Add(filter);
        }

        return unknown;
    }

    public DescribeTransactionsResponse.Transaction Describe(string id)
    {
        var told = new DescribeTransactionsResponse.Transaction { TransactionalId = id };
        if (id.Length == 0 || table.Find(id) is not { } transaction)
        {
            told.ErrorCode = id.Length == 0 ? ErrorCode.InvalidRequest : ErrorCode.TransactionalIdNotFound;
            return told;
        }

        told.TransactionState = transaction.State.ToString();
        told.TransactionTimeoutMs = transaction.TimeoutMilliseconds;
        told.TransactionStartTimeMs = transaction.StartedAt;
        (told.ProducerId, told.ProducerEpoch) = (transaction.ProducerId, transaction.Epoch);
        foreach (var topic in transaction.Partitions.GroupBy(static partition => partition.Topic))
        {
            var row = new DescribeTransactionsResponse.TopicPartitions { Topic = topic.Key };
            foreach (var partition in topic) row.Partitions.Add(partition.Number);
            told.Topics.Add(row);
        }

        return told;
    }

    /// <param name="request">The filters; all must pass.</param>
    /// <param name="matches">The pattern's; null lets all pass.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    /// <param name="response">Gets a row for each.</param>
    public void List(ListTransactionsRequest request, Func<string, bool>? matches, long now, ListTransactionsResponse response)
    {
        var states = new HashSet<TransactionState>();
        foreach (var filter in request.StateFilters)
        {
            if (States.TryGetValue(filter, out var state)) states.Add(state);
        }

        var ids = new HashSet<long>();
        foreach (var id in request.ProducerIdFilters) ids.Add(id);
        foreach (var (id, transaction) in table.All)
        {
            if (ids.Count > 0 && !ids.Contains(transaction.ProducerId)) continue;
            if (request.StateFilters.Count > 0 && !states.Contains(transaction.State)) continue;
            // One that has not begun has a start of -1, and with Kafka has run since 1970.
            if (request.DurationFilter >= 0 && now - transaction.StartedAt <= request.DurationFilter) continue;
            if (matches is not null && !matches(id)) continue;
            response.TransactionStates.Add(new ListTransactionsResponse.Transaction
            {
                TransactionalId = id,
                ProducerId = transaction.ProducerId,
                TransactionState = transaction.State.ToString(),
            });
        }
    }
}
