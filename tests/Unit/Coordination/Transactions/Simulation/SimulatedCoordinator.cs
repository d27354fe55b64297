using Moldau.Coordination.Shards;
using Moldau.Coordination.Transactions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Unit.Coordination.Transactions.Simulation;

/// <summary>The real shard and machine over a list of records: appends take time, may fail, and a crash leaves some of them.</summary>
internal sealed class SimulatedCoordinator
{
    private const string Topic = "__transaction_state";

    private readonly SimulatedTime _time;
    private readonly SimulationBreaks _breaks;
    private readonly IReadOnlyList<SimulatedPartition> _partitions;
    private readonly List<StoredRecord> _log = [];
    private readonly Dictionary<ShardTimer, long> _timers = [];
    private Shard<TransactionMachine>? _shard;
    private IReadOnlyList<ShardBatch> _flight = [];
    private int _generation;
    private int _epoch;
    private long _nextId = 100;
    private bool _isLoading;

    public SimulatedCoordinator(SimulatedTime time, SimulationBreaks breaks, IReadOnlyList<SimulatedPartition> partitions)
    {
        (_time, _breaks, _partitions) = (time, breaks, partitions);
        Load();
    }

    public IEnumerable<KeyValuePair<string, Transaction>> Transactions => _shard?.Machine.Transactions ?? [];

    public void Init(string id, Action<(ErrorCode Error, long ProducerId, short Epoch)> reply) => Run(
        new Told<InitProducerIdResponse>(answer => reply((answer.ErrorCode, answer.ProducerId, answer.ProducerEpoch)), error => reply((error, -1, -1))),
        (machine, told, outcome) => machine.InitProducerId(new InitProducerIdRequest { TransactionalId = id, TransactionTimeoutMs = 20_000 }, 5, told, outcome));

    public void Add(string id, long producerId, short epoch, int partition, bool verifies, bool fromClient, Action<ErrorCode> reply)
    {
        var asked = new AddPartitionsToTxnRequest.Transaction { TransactionalId = id, ProducerId = producerId, ProducerEpoch = epoch, VerifyOnly = verifies };
        var topic = new AddPartitionsToTxnRequest.Topic { Name = SimulatedPartition.Topic };
        topic.Partitions.Add(partition);
        asked.Topics.Add(topic);
        Run(
            new Told<AddPartitionsToTxnResponse>(answer => _time.Send(() => reply(answer.ResultsByTransaction[0].TopicResults[0].ResultsByPartition[0].PartitionErrorCode)), error => _time.Send(() => reply(error))),
            (machine, told, outcome) => machine.AddPartitions(asked, fromClient ? (short)0 : (short)2, told, outcome));
    }

    public void End(string id, long producerId, short epoch, bool isCommit, bool bumps, Action<(ErrorCode Error, long ProducerId, short Epoch)> reply) => Run(
        new Told<EndTxnResponse>(answer => reply((answer.ErrorCode, answer.ProducerId, answer.ProducerEpoch)), error => reply((error, -1, -1))),
        (machine, told, outcome) => machine.EndTxn(
            new EndTxnRequest { TransactionalId = id, ProducerId = producerId, ProducerEpoch = epoch, Committed = isCommit }, bumps ? (short)5 : (short)4, told, outcome));

    public void Crash()
    {
        if (_shard is null) return;
        // Of what was under way a beginning may have come to the disk.
        foreach (var batch in _flight.Take(_time.Chance.Next(_flight.Count + 1))) _log.AddRange(batch.Records);
        (_shard, _flight) = (null, []);
        _generation++;
        _timers.Clear();
        _time.After(_time.Chance.Next(10, 3000), Load);
    }

    private void Load()
    {
        var generation = _generation;
        var machine = new TransactionMachine(++_epoch, static () => new TransactionRules(), request => _time.Send(() => Bring(request, generation), request.Request is WriteTxnMarkersRequest));
        foreach (var record in _log)
        {
            if (RecordForm.Decode(Topic, record.Key, record.Value) is { } read) machine.Replay(read.Key, read.Value, null);
        }

        _isLoading = true;
        _shard = new Shard<TransactionMachine>(machine, SetTimer, fault => throw fault);
        _shard.Loaded(_time.Now);
        _isLoading = false;
        Fly();
    }

    private void Run<T>(Told<T> told, Action<TransactionMachine, Told<T>, Outcome> action)
        where T : class, IMessage, new()
    {
        if (_shard is not { } shard)
        {
            told.Fail(ErrorCode.NotCoordinator, null);
            return;
        }

        shard.Run(_time.Now, told, (machine, outcome) =>
        {
            action(machine, told, outcome);
            if (!_breaks.AnswersBeforeCommit) return;
            foreach (var reply in outcome.Replies.ToArray()) reply.Send();
        });
        Fly();
    }

    private void Fly()
    {
        if (_shard is not { HasBatches: true } shard || _flight.Count > 0) return;
        var (flight, generation) = (shard.TakeBatches(), _generation);
        _flight = flight;
        _time.After(_time.Chance.Next(1, 15), () =>
        {
            if (_generation != generation) return;
            _flight = [];
            if (_time.Happens(2)) shard.Failed(_time.Now, flight[0], ErrorCode.CoordinatorNotAvailable, null);
            else
            {
                foreach (var batch in flight) _log.AddRange(batch.Records);
                shard.Committed(flight[^1]);
            }

            Fly();
        });
    }

    private void SetTimer(ShardTimer timer, TimeSpan? after)
    {
        if (_isLoading && _breaks.LosesTimersOnReload) return;
        if (after is not { } span)
        {
            _timers.Remove(timer);
            return;
        }

        var (due, generation) = (_time.Now + (long)span.TotalMilliseconds, _generation);
        _timers[timer] = due;
        _time.After(due - _time.Now, () =>
        {
            if (_generation != generation || _timers.GetValueOrDefault(timer) != due) return;
            _timers.Remove(timer);
            _shard!.Run(_time.Now, null, (machine, outcome) => machine.Elapsed(timer, outcome));
            Fly();
        });
    }

    private void Bring(PeerRequest request, int generation)
    {
        if (request.Request is not WriteTxnMarkersRequest markers)
        {
            Answer(request, new InitProducerIdResponse { ProducerId = _nextId++ }, generation);
            return;
        }

        var marker = markers.Markers[0];
        foreach (var topic in marker.Topics)
        {
            foreach (var number in topic.PartitionIndexes)
                _time.Send(() => _partitions[number].Mark(marker, error => Answer(request, Response(marker, number, error), generation)), isInOrder: marker.TransactionVersion < 2);
        }
    }

    private void Answer(PeerRequest request, IMessage response, int generation) => _time.Send(() =>
    {
        if (_generation != generation || _shard is not { } shard) return;
        shard.Run(_time.Now, null, (_, outcome) => request.Answered(response, outcome));
        Fly();
    });

    private static WriteTxnMarkersResponse Response(WriteTxnMarkersRequest.Marker marker, int number, ErrorCode error)
    {
        var topic = new WriteTxnMarkersResponse.Topic { Name = SimulatedPartition.Topic };
        topic.Partitions.Add(new WriteTxnMarkersResponse.Partition { PartitionIndex = number, ErrorCode = error });
        var answered = new WriteTxnMarkersResponse.Marker { ProducerId = marker.ProducerId };
        answered.Topics.Add(topic);
        var response = new WriteTxnMarkersResponse();
        response.Markers.Add(answered);
        return response;
    }

    private sealed class Told<T>(Action<T> given, Action<ErrorCode> failed) : PendingReply<T>(new T())
        where T : class, IMessage, new()
    {
        private bool _isGiven;

        public override void Send()
        {
            if (_isGiven) return;
            _isGiven = true;
            given(Response);
        }

        public override void Fail(ErrorCode code, string? message)
        {
            if (_isGiven) return;
            _isGiven = true;
            failed(code);
        }
    }
}
