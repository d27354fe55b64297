using Moldau.Client;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Moldau.Unit.Client.Connections;

namespace Moldau.Unit.Client.Producing;

/// <summary>
/// A cluster of pretence that keeps what is written to it, and judges sequences as Kafka does: five batches remembered of each producer, any
/// sequence taken of one it does not know.
/// </summary>
internal sealed class LogBroker
{
    private const int Remembered = 5;

    private readonly Lock _gate = new();
    private readonly ScriptedBroker _broker = new();
    private readonly Dictionary<(int Partition, long Producer), State> _states = [];
    private readonly List<List<string>> _logs = [];
    private readonly List<int> _leaders = [];
    private long _lastProducer;

    public LogBroker(int partitions = 1)
    {
        for (var i = 0; i < partitions; i++)
        {
            _logs.Add([]);
            _leaders.Add(1);
        }

        _broker.Brokers = [1, 2];
        _broker.On(ApiKey.Metadata, (request, _, _) => ScriptedReply.Of(Metadata((MetadataRequest)request)));
        _broker.On(ApiKey.InitProducerId, (_, _, _) => ScriptedReply.Of(new InitProducerIdResponse { ProducerId = Interlocked.Increment(ref _lastProducer) }));
        _broker.On(ApiKey.Produce, (request, _, port) => Produce((ProduceRequest)request, port));
    }

    public ScriptedBroker Scripted => _broker;

    /// <summary>What happens to a request before it is looked at; null for nothing.</summary>
    public Func<ProduceRequest, Fault?> Faults { get; set; } = static _ => null;

    /// <summary>What is said to a batch in place of taking it; none to take it.</summary>
    public Func<int, RecordBatch, ErrorCode> Refuses { get; set; } = static (_, _) => ErrorCode.None;

    /// <summary>Whether an answer names the new leader.</summary>
    public bool NamesLeaders { get; set; }

    public int Requests { get; private set; }

    /// <summary>The most batches of one request.</summary>
    public int MostBatches { get; private set; }

    public IReadOnlyList<string> Log(int partition)
    {
        lock (_gate) return [.. _logs[partition]];
    }

    public void Move(int partition, int leader)
    {
        lock (_gate) _leaders[partition] = leader;
    }

    public KafkaClientOptions Options() => _broker.Options();

    private MetadataResponse Metadata(MetadataRequest request)
    {
        lock (_gate)
        {
            var response = new MetadataResponse { ClusterId = "scripted", ControllerId = 1 };
            foreach (var port in _broker.Brokers) response.Brokers.Add(new MetadataResponse.Broker { NodeId = port, Host = "scripted", Port = port });
            foreach (var asked in request.Topics!)
            {
                var topic = new MetadataResponse.Topic { Name = asked.Name, TopicId = new Uuid(1, 2) };
                for (var i = 0; i < _leaders.Count; i++) topic.Partitions.Add(new MetadataResponse.Partition { PartitionIndex = i, LeaderId = _leaders[i], LeaderEpoch = 1, ReplicaNodes = [1, 2], IsrNodes = [1, 2] });
                response.Topics.Add(topic);
            }

            return response;
        }
    }

    private ScriptedReply Produce(ProduceRequest request, int port)
    {
        lock (_gate)
        {
            Requests++;
            var fault = Faults(request);
            var response = new ProduceResponse();
            var batches = 0;
            foreach (var topic in request.TopicData)
            {
                var answers = new ProduceResponse.Topic { TopicId = topic.TopicId, Name = topic.Name };
                response.Responses.Add(answers);
                foreach (var partition in topic.PartitionData)
                {
                    batches++;
                    answers.PartitionResponses.Add(Answer(fault, partition, port));
                }
            }

            MostBatches = Math.Max(MostBatches, batches);
            return ScriptedReply.Of(response) with { CutAt = fault is Fault.CutBefore or Fault.CutBehind ? 0 : null };
        }
    }

    private ProduceResponse.Partition Answer(Fault? fault, ProduceRequest.Partition partition, int port)
    {
        var answer = new ProduceResponse.Partition { Index = partition.Index, BaseOffset = -1 };
        if (_leaders[partition.Index] != port)
        {
            answer.ErrorCode = ErrorCode.NotLeaderOrFollower;
            if (NamesLeaders) answer.CurrentLeader = new ProduceResponse.Leader { LeaderId = _leaders[partition.Index], LeaderEpoch = 2 };
            return answer;
        }

        if (fault == Fault.CutBefore) return answer;
        if (fault == Fault.Refuse)
        {
            answer.ErrorCode = ErrorCode.NotEnoughReplicas;
            return answer;
        }

        var batch = RecordBatch.Read(partition.Records.Bytes.Span);
        batch.EnsureChecksum();
        answer.ErrorCode = Refuses(partition.Index, batch);
        if (answer.ErrorCode == ErrorCode.None) (answer.ErrorCode, answer.BaseOffset) = Append(partition.Index, batch);
        if (fault == Fault.TimeOut && answer.ErrorCode == ErrorCode.None) answer.ErrorCode = ErrorCode.RequestTimedOut;
        return answer;
    }

    private (ErrorCode Code, long Offset) Append(int partition, RecordBatch batch)
    {
        var log = _logs[partition];
        if (batch.ProducerId >= 0)
        {
            if (!_states.TryGetValue((partition, batch.ProducerId), out var state)) _states[(partition, batch.ProducerId)] = state = new State(batch.ProducerEpoch, batch.BaseSequence);
            if (batch.ProducerEpoch < state.Epoch) return (ErrorCode.InvalidProducerEpoch, -1);
            if (batch.ProducerEpoch > state.Epoch)
            {
                if (batch.BaseSequence != 0) return (ErrorCode.OutOfOrderSequenceNumber, -1);
                _states[(partition, batch.ProducerId)] = state = new State(batch.ProducerEpoch, 0);
            }

            var first = batch.BaseSequence;
            var known = state.Batches.FindIndex(known => known.Sequence == first);
            if (known >= 0) return (ErrorCode.None, state.Batches[known].Offset);
            if (batch.BaseSequence != state.Next) return (ErrorCode.OutOfOrderSequenceNumber, -1);
            state.Next += batch.RecordCount;
            state.Batches.Add((batch.BaseSequence, log.Count));
            if (state.Batches.Count > Remembered) state.Batches.RemoveAt(0);
        }

        var offset = log.Count;
        using var scratch = new PooledBuffer();
        var records = batch.GetRecords(scratch);
        while (records.MoveNext()) log.Add(System.Text.Encoding.UTF8.GetString(records.Value.Span));
        return (ErrorCode.None, offset);
    }

    internal enum Fault
    {
        /// <summary>The connection ends, and nothing was done.</summary>
        CutBefore,

        /// <summary>The connection ends, and all was done.</summary>
        CutBehind,

        /// <summary>Nothing was done, and the broker says so.</summary>
        Refuse,

        /// <summary>All was done, and the broker does not know.</summary>
        TimeOut,
    }

    private sealed class State(short epoch, int next)
    {
        public short Epoch { get; } = epoch;

        public int Next { get; set; } = next;

        public List<(int Sequence, long Offset)> Batches { get; } = [];
    }
}
