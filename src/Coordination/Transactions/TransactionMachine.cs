using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Transactions;

/// <summary>The coordinator of the transactions whose ids fall to one partition of <c>__transaction_state</c>.</summary>
public sealed class TransactionMachine : IShardMachine
{
    private readonly TransactionTable _table;
    private readonly TransactionEnding _ending;
    private readonly ProducerStart _start;
    private readonly PartitionAdding _adding;
    private readonly IdExpiry _expiry;
    private readonly TransactionReports _reports;
    private readonly FreshIds _ids;

    /// <param name="epoch">Of the leader of the shard's partition; markers carry it.</param>
    /// <param name="rules">What is set.</param>
    /// <param name="deliver">Takes requests to others; the answers come back as events, by <see cref="PeerRequest.Answered"/>.</param>
    public TransactionMachine(int epoch, Func<TransactionRules> rules, Action<PeerRequest> deliver)
    {
        _table = new TransactionTable(Undo, rules);
        var past = new PastEpochs();
        _ids = new FreshIds(deliver);
        _ending = new TransactionEnding(_table, past, rules, _ids, completed => new MarkerRounds(epoch, deliver, completed));
        _start = new ProducerStart(_table, past, rules, _ending, _ids);
        _adding = new PartitionAdding(_table);
        _expiry = new IdExpiry(_table, past, rules);
        _reports = new TransactionReports(_table);
    }

    public UndoLog Undo { get; } = new();

    /// <summary>By transactional id.</summary>
    public IEnumerable<KeyValuePair<string, Transaction>> Transactions => _table.All;

    public static IEnumerable<string> UnknownStates(ListTransactionsRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return TransactionReports.UnknownStates(request);
    }

    public void Replay(IMessage key, IMessage? value, TransactionProducer? producer) => _table.Replay(key, value);

    /// <summary>Nobody writes to this topic in a transaction.</summary>
    public void ReplayMarker(TransactionProducer producer, bool isCommit)
    {
    }

    public void Loaded(Outcome outcome)
    {
        _ending.Restart(outcome);
        _expiry.Schedule(outcome);
    }

    public void RolledBack(Outcome outcome)
    {
        _ids.GiveUp(Protocol.Errors.ErrorCode.CoordinatorNotAvailable, outcome);
        _ending.Restart(outcome);
    }

    public void Dropped(Outcome outcome)
    {
        _ending.Dropped(outcome);
        _ids.GiveUp(Protocol.Errors.ErrorCode.NotCoordinator, outcome);
    }

    public void Elapsed(ShardTimer timer, Outcome outcome)
    {
        switch (timer.Kind)
        {
            case TransactionEnding.TimeoutTimer:
                _ending.TimedOut(timer.Owner, outcome);
                break;
            case TransactionEnding.AnswerTimer:
                _ending.WaitedLong(timer.Owner, outcome);
                break;
            case MarkerRounds.Timer:
                _ending.Markers.Elapsed(timer.Owner, outcome);
                break;
            case IdExpiry.Timer:
                _expiry.Elapsed(outcome);
                break;
        }
    }

    public void InitProducerId(InitProducerIdRequest request, short version, PendingReply<InitProducerIdResponse> reply, Outcome outcome) =>
        _start.Init(request, version, reply, outcome);

    /// <inheritdoc cref="PartitionAdding.Add(AddPartitionsToTxnRequest.Transaction, short, PendingReply{AddPartitionsToTxnResponse}, Outcome)"/>
    public void AddPartitions(AddPartitionsToTxnRequest.Transaction asked, short version, PendingReply<AddPartitionsToTxnResponse> reply, Outcome outcome) =>
        _adding.Add(asked, version, reply, outcome);

    /// <inheritdoc cref="PartitionAdding.AddOffsets"/>
    public void AddOffsets(AddOffsetsToTxnRequest request, short version, TransactionPartition offsets, PendingReply<AddOffsetsToTxnResponse> reply, Outcome outcome) =>
        _adding.AddOffsets(request, version, offsets, reply, outcome);

    public void EndTxn(EndTxnRequest request, short version, PendingReply<EndTxnResponse> reply, Outcome outcome) =>
        _ending.End(request, version, reply, outcome);

    /// <summary>The reply has one row.</summary>
    public void Describe(string id, PendingReply<DescribeTransactionsResponse> reply, Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(reply);
        ArgumentNullException.ThrowIfNull(outcome);
        reply.Response.TransactionStates.Add(_reports.Describe(id));
        outcome.Send(reply);
    }

    /// <inheritdoc cref="TransactionReports.List"/>
    public void List(ListTransactionsRequest request, Func<string, bool>? matches, PendingReply<ListTransactionsResponse> reply, Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(reply);
        ArgumentNullException.ThrowIfNull(outcome);
        _reports.List(request, matches, outcome.Now, reply.Response);
        outcome.Send(reply);
    }
}
