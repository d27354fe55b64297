using System.Collections.Concurrent;
using Moldau.Client.Connections;
using Moldau.Client.Producing.Transactions;
using Moldau.Client.Telemetry;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Producing;

/// <summary>
/// Brings what waits in partitions to whoever leads them. One loop decides for all of them, so that nothing here needs a lock: it looks at the
/// partitions that have something, sends what may be sent, and takes answers. What takes time is done by lanes, one a broker.
/// </summary>
internal sealed class DeliveryLoop : IAsyncDisposable
{
    private const int MostCalls = 64;

    private static readonly TimeSpan LongestForRoom = TimeSpan.FromMilliseconds(5);

    private readonly ClientCore _core;
    private readonly ProducerOptions _options;
    private readonly TransactionSession? _transactions;
    private readonly ProducerFigures _figures;
    private readonly TimeProvider _clock;
    private readonly BufferRoom _room;
    private readonly BatchPool _batches;
    private readonly WakeSignal _signal = new();
    private readonly ITimer _alarm;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentQueue<PartitionQueue> _noted = new();
    private readonly ConcurrentQueue<ProduceCall> _answered = new();
    private readonly Stack<ProduceCall> _calls = new();
    private readonly List<PartitionQueue> _active = [];
    private readonly Dictionary<int, BrokerLane> _lanes = [];
    private readonly ProducerIdentities _identities;
    private readonly LeaderLookup _leaders;
    private readonly long _deliveryTicks;
    private readonly long _lingerTicks;
    private readonly long _roomTicks;
    private readonly Task _running;
    private readonly Lock _ending = new();
    private bool _isEnded;
    private long _due;
    private long _roomServed;
    private long _armed = long.MaxValue;

    public DeliveryLoop(ClientCore core, ProducerOptions options, TransactionSession? transactions, BufferRoom room, BatchPool batches)
    {
        _transactions = transactions;
        if (transactions is not null) transactions.Wake = _signal.Wake;
        _core = core;
        _options = options;
        _figures = core.Figures.Producing;
        _clock = core.Options.Clock;
        _room = room;
        _batches = batches;
        _deliveryTicks = _clock.TicksOf(options.DeliveryTimeout);
        _lingerTicks = _clock.TicksOf(options.Linger);
        _roomTicks = _clock.TicksOf(LongestForRoom);
        _identities = new ProducerIdentities(core, transactions, _signal.Wake, _closing.Token);
        _leaders = new LeaderLookup(core, _signal.Wake, _closing.Token);
        _alarm = _clock.CreateTimer(static loop => ((DeliveryLoop)loop!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _running = Task.Run(RunAsync);
    }

    /// <summary>A partition has something new: something that may be sent now, or when its linger is over.</summary>
    public void Note(PartitionQueue queue, bool isReady)
    {
        if (queue.Note()) _noted.Enqueue(queue);
        // An alarm that rings before then is enough: the loop finds what was noted.
        if (isReady || Volatile.Read(ref _armed) > _clock.GetTimestamp() + _lingerTicks) _signal.Wake();
        if (Volatile.Read(ref _isEnded)) LoseRest();
    }

    /// <summary>Somebody waits for room: what is there is to go out, be it full or not.</summary>
    public void Hurry() => _signal.Wake();

    /// <summary>Ends it; what is left is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        _signal.Wake();
        await _running.ConfigureAwait(false);
        await _alarm.DisposeAsync().ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            // The thread may be the one that answers come by: it is kept for a round, and not for as long as there is something to do.
            if (_signal.IsWoken && _signal.EndLoan()) await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            await _signal.WaitAsync().ConfigureAwait(false);
            try
            {
                Round();
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // Whoever waits is told, whatever it was; the next round begins with what comes then.
                LoseAll(new KafkaException(ErrorCode.UnknownServerError, $"the producer failed: {failure.Message}", null, failure));
            }
        }

        foreach (var lane in _lanes.Values) await lane.EndAsync().ConfigureAwait(false);
        TakeAnswers();
        Volatile.Write(ref _isEnded, true);
        LoseRest();
    }

    // Also called by who was about to append while the loop ended, and found nobody any more.
    private void LoseRest()
    {
        lock (_ending)
        {
            TakeNoted();
            LoseAll(new KafkaException(ErrorCode.NetworkException, "the producer was closed before it was confirmed; whether it was written is unknown where it was on its way") { IsTransient = false, IsFatal = true });
        }
    }

    private void Round()
    {
        TakeAnswers();
        TakeNoted();
        _due = long.MaxValue;
        var failure = _identities.TakeFailure();
        if (failure is not null) LoseAll(failure);
        var now = _clock.GetTimestamp();
        for (var i = _active.Count - 1; i >= 0; i--)
        {
            var queue = _active[i];
            Expire(queue, now);
            if (_transactions?.Error is not null) LoseAbandoned(queue, _transactions);
            if (queue.IsEmpty()) Leave(i);
            else Look(queue, now);
        }

        foreach (var lane in _lanes.Values) Send(lane, now);
        ServeRoom(now);
        // An alarm that rings too early costs less than to set it anew in each round.
        if (_due == long.MaxValue || Volatile.Read(ref _armed) <= _due) return;
        Volatile.Write(ref _armed, _due);
        var wait = _clock.SpanOf(_due - now);
        // Timers count whole milliseconds, and one that rings just before its time would ring again and again.
        _alarm.Change(TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(wait.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    // Who waits goes on when much is free again; where that does not come, with what there is.
    private void ServeRoom(long now)
    {
        if (!_room.IsShort) return;
        if (IsTime(_roomServed + _roomTicks, now))
        {
            _room.Serve();
            _roomServed = now;
        }

        IsTime(_roomServed + _roomTicks, now);
    }

    // Whether its time has come by the clock or not: it rings once.
    private void Ring()
    {
        Volatile.Write(ref _armed, long.MaxValue);
        _signal.WakeHere();
    }

    private void TakeNoted()
    {
        while (_noted.TryDequeue(out var queue))
        {
            queue.Unnote();
            if (queue.IsActive) continue;
            queue.IsActive = true;
            _active.Add(queue);
        }
    }

    // What is appended between the look that found nothing and this is noted again, and the partition comes back.
    private void Leave(int place)
    {
        _active[place].IsActive = false;
        _active[place].BlockedSince = 0;
        _active[place] = _active[^1];
        _active.RemoveAt(_active.Count - 1);
    }

    /// <summary>Finds out whether something of it may be sent now, and puts it in front of its leader's lane; else when to look again.</summary>
    private void Look(PartitionQueue queue, long now)
    {
        if (!MayBeSent(queue, now)) return;
        if (_leaders.Find(queue) is not { } leader)
        {
            if (queue.BlockedSince == 0) queue.BlockedSince = now;
            if (_leaders.GivesUp(queue) is { } missing) LoseAll(queue, missing);
            return;
        }

        if (_transactions is not null && !_transactions.MaySend(queue.Where)) return;
        if (!_lanes.TryGetValue(leader, out var lane))
            _lanes[leader] = lane = new BrokerLane(leader, _core, _options, _transactions, Answered, _closing.Token);
        // Not to two brokers at once: what the old one has not answered may still have to go to the new one first.
        if (queue.Order.IsAnyUnderWay && queue.SentTo != lane) return;
        queue.SentTo = lane;
        lane.Ready.Add(queue);
    }

    private bool MayBeSent(PartitionQueue queue, long now)
    {
        var order = queue.Order;
        if (order.NeedsEpoch) Restart(order);
        if (order.Again() is { } again) return IsTime(again.NotBefore, now);
        if (!order.TakesNew || queue.Next() is not { } next || !IsTime(_room.IsShort ? now : next.Due, now)) return false;
        return !_options.IsIdempotent || HasIdentity(order);
    }

    private bool IsTime(long due, long now)
    {
        if (due <= now) return true;
        _due = Math.Min(_due, due);
        return false;
    }

    private bool HasIdentity(PartitionOrder<OutgoingBatch> order)
    {
        if (_identities.Current is not { } identity) _identities.Ask();
        else if (order.IsEmpty && order.Identity != identity) order.Adopt(identity.Id, identity.Epoch);
        // One that has batches open goes on as who it was when it sent them.
        return order.Identity.Id >= 0;
    }

    private void Restart(PartitionOrder<OutgoingBatch> order)
    {
        _identities.Advance(order.Identity);
        if (_identities.Current is { } identity && identity != order.Identity) order.Adopt(identity.Id, identity.Epoch);
        else _identities.Ask();
    }

    /// <summary>Requests of one batch a partition, until there are enough under way or nothing is left.</summary>
    private void Send(BrokerLane lane, long now)
    {
        var ready = lane.Ready;
        while (ready.Count > 0 && lane.UnderWay < _options.RequestsUnderWay)
        {
            var call = (_calls.TryPop(out var used) ? used : new ProduceCall()).For(lane, _core.Metadata.Current);
            var first = lane.Turn++ % ready.Count;
            for (var i = 0; i < ready.Count; i++)
            {
                var queue = ready[(first + i) % ready.Count];
                var batch = queue.Order.Again() ?? queue.Next()!.Value.Batch;
                if (call.Parts.Count > 0 && call.Bytes + batch.Size > _options.MaxRequestBytes) continue;
                if (batch.Attempts == 0)
                {
                    queue.Take(batch);
                    _figures.Leaves(queue.Where, batch, _clock.SpanOf(now - batch.OpenedAt));
                }
                else
                {
                    _figures.SendsAgain();
                }

                queue.Order.Send(batch);
                queue.BlockedSince = 0;
                call.Add(queue, batch);
            }

            lane.UnderWay++;
            lane.Post(call);
            for (var i = ready.Count - 1; i >= 0; i--)
            {
                if (!MayBeSent(ready[i], now)) ready.RemoveAt(i);
            }
        }

        foreach (var queue in ready)
        {
            if (queue.BlockedSince == 0) queue.BlockedSince = now;
        }

        ready.Clear();
    }

    private void Answered(ProduceCall call)
    {
        _answered.Enqueue(call);
        _signal.WakeHere();
    }

    private void TakeAnswers()
    {
        while (_answered.TryDequeue(out var call))
        {
            call.Lane.UnderWay--;
            if (call.Response is { } response) _core.Figures.Throttled(ApiKey.Produce, response.ThrottleTimeMs);
            foreach (var part in call.Parts) TakeAnswer(call, part.Queue, part.Batch);
            // One that was given up is in its connection's hands still.
            if (call.Reply.IsAbandoned || _calls.Count == MostCalls) continue;
            call.Clear();
            _calls.Push(call);
        }
    }

    private void TakeAnswer(ProduceCall call, PartitionQueue queue, OutgoingBatch batch)
    {
        var answer = call.Response is null ? null : call.AnswerTo(queue.Where);
        var code = answer?.ErrorCode ?? (call.Response is null ? Transience(call.Failure!) : ErrorCode.UnknownServerError);
        var verdict = queue.Order.Answer(batch, code, call.WasSent);
        if (code != ErrorCode.None && (Retries.IsStaleness(code) || !call.WasSent)) _leaders.Doubt(queue, call.Cluster, answer?.CurrentLeader);
        switch (verdict)
        {
            case Verdict.Delivered:
                _figures.Ended(queue.Where, batch, _clock.GetElapsedTime(batch.OpenedAt), null);
                queue.Succeed(batch, answer!.ErrorCode == ErrorCode.None ? answer.BaseOffset : -1);
                Free(batch);
                break;
            case Verdict.Again:
                // A broker that names the new leader saves the pause, once.
                var knows = batch.Attempts == 1 && answer is { CurrentLeader.LeaderId: >= 0 };
                batch.NotBefore = knows ? 0 : _clock.GetTimestamp() + _clock.TicksOf(_core.BackOff.After(batch.Attempts));
                batch.LastFailure = Failure(call, answer, queue, code);
                break;
            case Verdict.Split:
                queue.Split(batch);
                Free(batch);
                break;
            case Verdict.Lost:
                Lose(queue, batch, Failure(call, answer, queue, code));
                break;
            default:
                Free(batch);
                break;
        }
    }

    /// <summary>What went wrong on the way is tried again, unless the client itself is at its end.</summary>
    private static ErrorCode Transience(KafkaException failure) =>
        failure.Code == ErrorCode.BrokerNotAvailable ? ErrorCode.NetworkException
        : failure.IsTransient || !failure.Code.IsRetriable() ? failure.Code : ErrorCode.UnknownServerError;

    private static KafkaException Failure(ProduceCall call, ProduceResponse.Partition? answer, PartitionQueue queue, ErrorCode code)
    {
        if (call.Failure is { } failure) return failure;
        var told = answer?.RecordErrors.Count > 0 ? answer.RecordErrors[0].BatchIndexErrorMessage ?? answer.ErrorMessage : answer?.ErrorMessage;
        return KafkaException.Of(code, answer is null ? "the broker's answer says nothing of it" : told, queue.Where.ToString());
    }

    private void Expire(PartitionQueue queue, long now)
    {
        var order = queue.Order;
        for (var i = order.Batches.Count - 1; i >= 0; i--)
        {
            var batch = order.Batches[i];
            if (!IsLate(batch, now)) continue;
            var isUnderWay = batch.IsUnderWay;
            order.GiveUp(batch);
            Lose(queue, batch, Late(queue, batch), isUnderWay);
        }

        while (queue.Next() is { } next && IsLate(next.Batch, now))
        {
            queue.Take(next.Batch);
            Lose(queue, next.Batch, Late(queue, next.Batch));
        }
    }

    private bool IsLate(OutgoingBatch batch, long now) => IsTime(batch.OpenedAt + _deliveryTicks, now);

    private KafkaException Late(PartitionQueue queue, OutgoingBatch batch)
    {
        var why = batch.LastFailure ?? _leaders.Reason(queue);
        return new KafkaException(why?.Code ?? ErrorCode.RequestTimedOut, $"not confirmed within {_options.DeliveryTimeout.TotalSeconds:0.###} s{(why is null ? "" : ": " + why.Message)}", queue.Where.ToString(), why) { IsTransient = false };
    }

    private void Lose(PartitionQueue queue, OutgoingBatch batch, KafkaException error, bool isUnderWay = false)
    {
        _figures.Ended(queue.Where, batch, _clock.GetElapsedTime(batch.OpenedAt), error);
        // First: whoever hears of it may commit at once, and must find that he cannot; or begin the next, which it is not to be held against.
        _transactions?.OnLost(error);
        queue.Lose(batch, error);
        // Its bytes may be on their way to the connection still; they are given back with the answer.
        if (!isUnderWay) Free(batch);
    }

    private void LoseAll(KafkaException error)
    {
        foreach (var queue in _active) LoseAll(queue, error);
    }

    private void LoseAll(PartitionQueue queue, KafkaException error)
    {
        for (var i = queue.Order.Batches.Count - 1; i >= 0; i--)
        {
            var batch = queue.Order.Batches[i];
            var isUnderWay = batch.IsUnderWay;
            queue.Order.GiveUp(batch);
            Lose(queue, batch, error, isUnderWay);
        }

        LoseWaiting(queue, error);
    }

    /// <summary>Gives up what is not under way; what is, is waited for.</summary>
    private void LoseWaiting(PartitionQueue queue, KafkaException error)
    {
        for (var i = queue.Order.Batches.Count - 1; i >= 0; i--)
        {
            var batch = queue.Order.Batches[i];
            if (batch.IsUnderWay) continue;
            queue.Order.GiveUp(batch);
            Lose(queue, batch, error);
        }

        while (queue.Next() is { } next)
        {
            queue.Take(next.Batch);
            Lose(queue, next.Batch, error);
        }
    }

    /// <summary>
    /// Gives up what a transaction leaves behind. Why is asked for each batch once it was seen: a transaction is not over before its batches are, so the
    /// answer is about the batch's own; one from before may be about a transaction that has ended since, and the batch of the next.
    /// </summary>
    private void LoseAbandoned(PartitionQueue queue, TransactionSession transactions)
    {
        for (var i = queue.Order.Batches.Count - 1; i >= 0; i--)
        {
            var batch = queue.Order.Batches[i];
            if (batch.IsUnderWay || transactions.Error is not { } error) continue;
            queue.Order.GiveUp(batch);
            Lose(queue, batch, error);
        }

        while (queue.Next() is { } next && transactions.Error is { } error)
        {
            queue.Take(next.Batch);
            Lose(queue, next.Batch, error);
        }
    }

    private void Free(OutgoingBatch batch)
    {
        _room.Give(batch.Reserved);
        _batches.Return(batch);
    }
}
