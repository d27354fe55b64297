using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Transactions;

/// <summary>
/// How transactions end: decided by a record, carried out by markers, over with a second record. The producer is answered
/// behind that one, so what he was told is in every partition, on disk.
/// </summary>
internal sealed class TransactionEnding
{
    /// <summary>For running out of time.</summary>
    public const string TimeoutTimer = "timeout";

    /// <summary>For a producer who has waited long for his answer, and is to ask again.</summary>
    public const string AnswerTimer = "answer";

    private const short FirstWithFenced = 2;
    private const short FirstWithBump = 5;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan NextAttempt = TimeSpan.FromSeconds(1);

    private readonly TransactionTable _table;
    private readonly PastEpochs _past;
    private readonly Func<TransactionRules> _rules;
    private readonly FreshIds _ids;
    private readonly MarkerRounds _markers;
    private readonly Dictionary<string, (PendingReply<EndTxnResponse> Reply, long ProducerId, short Epoch)> _waiting = [];

    public TransactionEnding(TransactionTable table, PastEpochs past, Func<TransactionRules> rules, FreshIds ids, Func<Action<string, Outcome>, MarkerRounds> makeRounds)
    {
        (_table, _past, _rules, _ids) = (table, past, rules, ids);
        _markers = makeRounds(Complete);
    }

    public MarkerRounds Markers => _markers;

    public void End(EndTxnRequest request, short version, PendingReply<EndTxnResponse> reply, Outcome outcome) => End(new EndRequest(request, version, reply), null, outcome);

    /// <summary>Aborts an open transaction in an epoch that its producer does not have.</summary>
    public void Fence(string id, Transaction transaction, Outcome outcome)
    {
        var level = _rules().Level;
        if (level < Transaction.FirstWithBump)
        {
            _past.Remove(id);
            var fenced = transaction.Epoch == short.MaxValue ? transaction.Epoch : (short)(transaction.Epoch + 1);
            Decide(id, transaction with { Epoch = fenced }, isCommit: false, level, Transaction.NoProducerId, outcome);
        }
        else if (!transaction.IsEpochExhausted) Decide(id, transaction, isCommit: false, level, Transaction.NoProducerId, outcome);
        else FenceInLastEpoch(id, transaction.ProducerId, level, outcome);
    }

    public static void SetTimeout(string id, Transaction transaction, Outcome outcome)
    {
        if (!transaction.HasTimeout) return;
        var left = transaction.StartedAt + transaction.TimeoutMilliseconds - outcome.Now;
        outcome.SetTimer(new ShardTimer(TimeoutTimer, id), TimeSpan.FromMilliseconds(Math.Max(left, 0)));
    }

    public void TimedOut(string id, Outcome outcome)
    {
        if (_table.Find(id) is not { State: TransactionState.Ongoing, HasTimeout: true } transaction) return;
        if (transaction.StartedAt + transaction.TimeoutMilliseconds > outcome.Now) SetTimeout(id, transaction, outcome);
        else Fence(id, transaction, outcome);
    }

    /// <summary>Nobody is kept for ever: a partition may be gone for long, and the decision stands.</summary>
    public void WaitedLong(string id, Outcome outcome)
    {
        if (!_waiting.Remove(id, out var waiting)) return;
        waiting.Reply.Response.ErrorCode = ErrorCode.ConcurrentTransactions;
        outcome.Send(waiting.Reply);
    }

    /// <summary>What no record says is made anew from what they say.</summary>
    public void Restart(Outcome outcome)
    {
        _markers.Clear();
        foreach (var (id, transaction) in _table.All.ToArray())
        {
            if (transaction.State == TransactionState.Ongoing) SetTimeout(id, transaction, outcome);
            else if (transaction.IsPreparing) CarryOut(id, transaction, outcome);
        }

        foreach (var (id, waiting) in _waiting.ToArray())
        {
            if (_table.Find(id) is { IsPreparing: true } still && still.ProducerId == waiting.ProducerId && still.Epoch == waiting.Epoch) continue;
            _waiting.Remove(id);
            waiting.Reply.Response.ErrorCode = ErrorCode.CoordinatorNotAvailable;
            outcome.Send(waiting.Reply);
        }
    }

    public void Dropped(Outcome outcome)
    {
        foreach (var waiting in _waiting.Values) outcome.Fail(waiting.Reply, ErrorCode.NotCoordinator);
        _waiting.Clear();
        _markers.Clear();
    }

    /// <summary>Another producer id takes over behind it. Until one has come the transaction stays, and the timer asks again.</summary>
    private void FenceInLastEpoch(string id, long producerId, short level, Outcome outcome)
    {
        outcome.SetTimer(new ShardTimer(TimeoutTimer, id), NextAttempt);
        _ids.Take(
            outcome,
            (fresh, later) =>
            {
                if (_table.Find(id) is { State: TransactionState.Ongoing, IsEpochExhausted: true } still && still.ProducerId == producerId) Decide(id, still, isCommit: false, level, fresh, later);
            },
            static (_, _) => { });
    }

    private void End(EndRequest end, long? freshId, Outcome outcome)
    {
        var (request, reply) = (end.Request, end.Reply);
        if (request.TransactionalId.Length == 0)
        {
            Answer(end, ErrorCode.InvalidRequest, outcome);
            return;
        }

        if (_table.Find(request.TransactionalId) is not { } transaction)
        {
            Answer(end, ErrorCode.InvalidProducerIdMapping, outcome);
            return;
        }

        var decision = end.Version >= FirstWithBump
            ? EndDecision.WithBump(transaction, request.ProducerId, request.ProducerEpoch, request.Committed)
            : EndDecision.WithoutBump(transaction, request.ProducerId, request.ProducerEpoch, request.Committed);
        if (!decision.Begins)
        {
            if (decision.IsRepetition) (reply.Response.ProducerId, reply.Response.ProducerEpoch) = (transaction.ProducerId, transaction.Epoch);
            Answer(end, decision.Error, outcome);
            return;
        }

        var version = end.Version >= FirstWithBump ? Transaction.FirstWithBump : (short)0;
        if (version >= Transaction.FirstWithBump && transaction.IsEpochExhausted && freshId is null)
        {
            _ids.Take(
                outcome,
                (id, later) => End(end, id, later),
                (error, later) =>
                {
                    reply.Response.ErrorCode = error;
                    later.Send(reply);
                });
            return;
        }

        var begun = transaction.State == TransactionState.Ongoing ? transaction : transaction with { StartedAt = outcome.Now };
        Decide(request.TransactionalId, begun, request.Committed, version, freshId ?? Transaction.NoProducerId, outcome, reply);
    }

    private void Decide(string id, Transaction transaction, bool isCommit, short version, long nextId, Outcome outcome, PendingReply<EndTxnResponse>? reply = null)
    {
        var next = transaction with
        {
            State = isCommit ? TransactionState.PrepareCommit : TransactionState.PrepareAbort,
            Version = version,
            NextProducerId = nextId,
            UpdatedAt = outcome.Now,
        };
        var past = transaction.Epoch;
        if (version >= Transaction.FirstWithBump) next = next with { Epoch = past == short.MaxValue ? past : (short)(past + 1) };
        var written = _table.Write(id, next, outcome);
        if (version >= Transaction.FirstWithBump) _past.Set(id, written, past);
        outcome.StopTimer(new ShardTimer(TimeoutTimer, id));
        if (reply is not null)
        {
            _waiting[id] = (reply, written.ProducerId, written.Epoch);
            outcome.SetTimer(new ShardTimer(AnswerTimer, id), LongestWait);
        }

        CarryOut(id, written, outcome);
    }

    private void CarryOut(string id, Transaction transaction, Outcome outcome)
    {
        if (transaction.Partitions.IsEmpty) Complete(id, outcome);
        else _markers.Begin(id, transaction, outcome);
    }

    private void Complete(string id, Outcome outcome)
    {
        if (_table.Find(id) is not { IsPreparing: true } transaction) return;
        var next = transaction with
        {
            State = transaction.State == TransactionState.PrepareCommit ? TransactionState.CompleteCommit : TransactionState.CompleteAbort,
            Partitions = [],
            UpdatedAt = outcome.Now,
            NextProducerId = Transaction.NoProducerId,
        };
        if (transaction.Bumps && transaction.NextProducerId != Transaction.NoProducerId) next = next with { ProducerId = transaction.NextProducerId, Epoch = 0 };
        var past = _past.Find(id, transaction);
        var written = _table.Write(id, next, outcome);
        _past.Set(id, written, past);
        outcome.StopTimer(new ShardTimer(AnswerTimer, id));
        if (!_waiting.Remove(id, out var waiting)) return;
        if (transaction.Bumps) (waiting.Reply.Response.ProducerId, waiting.Reply.Response.ProducerEpoch) = (written.ProducerId, written.Epoch);
        outcome.Send(waiting.Reply);
    }

    private static void Answer(EndRequest end, ErrorCode error, Outcome outcome)
    {
        end.Reply.Response.ErrorCode = error == ErrorCode.ProducerFenced && end.Version < FirstWithFenced ? ErrorCode.InvalidProducerEpoch : error;
        outcome.Send(end.Reply);
    }

    private sealed record EndRequest(EndTxnRequest Request, short Version, PendingReply<EndTxnResponse> Reply);
}
