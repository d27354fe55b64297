using System.Globalization;
using System.Text;
using Moldau.Client;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Moldau.Unit.Client.Connections;

namespace Moldau.Unit.Client.Consuming;

/// <summary>Partition 0 of topic t as a <see cref="ScriptedBroker"/> has it, with fetch sessions; what an answer says can be changed before it leaves.</summary>
internal sealed class ScriptedLog
{
    private const int FirstSession = 100;

    private readonly List<(long First, long Last, byte[] Bytes)> _batches = [];
    private int _session = FirstSession;
    private int _epoch;
    private long _asked;
    private int _fetches;
    private long _served;

    public ScriptedLog(ScriptedBroker broker)
    {
        broker.On(ApiKey.Fetch, (request, version, port) => Fetch((FetchRequest)request, version, port));
        broker.On(ApiKey.ListOffsets, (request, _, _) => ScriptedReply.Of(new ListOffsetsResponse
        {
            Topics = [new ListOffsetsResponse.Topic { Name = "t", Partitions = [new ListOffsetsResponse.Partition { Offset = ((ListOffsetsRequest)request).Topics[0].Partitions[0].Timestamp == -2 ? 0 : Next }] }],
        }));
    }

    public static TopicPartition Where { get; } = new("t", 0);

    public long Next { get; private set; }

    /// <summary>The epoch the reader believes in, as its session has it.</summary>
    public int AskedEpoch { get; private set; }

    /// <summary>Bytes of records that left.</summary>
    public long Served => Volatile.Read(ref _served);

    /// <summary>Changes the answer to the fetch of that number, counted from 1, at a port; returns how the bytes leave.</summary>
    public Func<int, int, FetchResponse, FetchResponse.FetchedPartition, ScriptedReply?> Change { get; set; } = static (_, _, _, _) => null;

    public List<FetchRequest> Requests { get; } = [];

    /// <summary>The number of the session and its epoch of each request.</summary>
    public List<(int Id, int Epoch)> Sessions { get; } = [];

    public void Append(int count, int epoch = 1, BatchOptions options = default, int valueBytes = 0)
    {
        using var builder = new RecordBatchBuilder();
        for (var i = 0; i < count; i++)
        {
            var value = (Next + i).ToString(CultureInfo.InvariantCulture).PadLeft(valueBytes);
            builder.Append(1_700_000_000_000, OptionalBytes.Null, Encoding.UTF8.GetBytes(value));
        }

        Add(builder.Finish(options with { BaseOffset = Next, LeaderEpoch = epoch }).ToArray(), count);
    }

    public void AppendMarker(ControlRecordType type, long producer)
    {
        using var builder = new RecordBatchBuilder();
        new TransactionMarker(type, 0).AppendTo(builder, 1_700_000_000_000);
        Add(builder.Finish(new BatchOptions { BaseOffset = Next, LeaderEpoch = 1, IsControl = true, IsTransactional = true, Producer = new ProducerIdentity(producer, 0, -1) }).ToArray(), 1);
    }

    public void Damage(int batch) => _batches[batch].Bytes[^3] ^= 1;

    public void CutBack(long offset)
    {
        lock (_batches)
        {
            _batches.RemoveAll(batch => batch.First >= offset);
            Next = offset;
        }
    }

    private void Add(byte[] batch, int count)
    {
        lock (_batches)
        {
            _batches.Add((Next, Next + count - 1, batch));
            Next += count;
        }
    }

    private ScriptedReply Fetch(FetchRequest request, short version, int port)
    {
        lock (_batches)
        {
            var fetch = ++_fetches;
            Requests.Add(request);
            Sessions.Add((request.SessionId, request.SessionEpoch));
            var (error, session) = Enter(request);
            var answer = new FetchResponse { ErrorCode = error, SessionId = session };
            if (error != ErrorCode.None) return ScriptedReply.Of(answer);
            if (request.Topics.Count > 0) (_asked, AskedEpoch) = (request.Topics[0].Partitions[0].FetchOffset, request.Topics[0].Partitions[0].CurrentLeaderEpoch);
            var bytes = new List<byte>();
            var room = request.Topics.Count > 0 ? Math.Min(request.MaxBytes, request.Topics[0].Partitions[0].PartitionMaxBytes) : request.MaxBytes;
            foreach (var (_, last, batch) in _batches)
            {
                if (last < _asked || (bytes.Count > 0 && bytes.Count + batch.Length > room)) continue;
                bytes.AddRange(batch);
            }

            var partition = new FetchResponse.FetchedPartition { HighWatermark = Next, LastStableOffset = Next, Records = RecordData.Of(bytes.ToArray()) };
            var topic = new FetchResponse.FetchedTopic { Topic = "t", TopicId = new Uuid(1, 2), Partitions = [partition] };
            // Nobody is asked twice a microsecond whether something came.
            if (bytes.Count == 0) Thread.Sleep(1);
            answer.Responses.Add(topic);
            var reply = Change(fetch, port, answer, partition) ?? ScriptedReply.Of(answer);
            if (reply.CutAt is null) _served += partition.Records.Length;
            if (version < 7) answer.SessionId = 0;
            return reply;
        }
    }

    private (ErrorCode Error, int Session) Enter(FetchRequest request)
    {
        if (request.SessionEpoch == -1) return (ErrorCode.None, 0);
        if (request.SessionEpoch == 0)
        {
            _epoch = 0;
            return (ErrorCode.None, ++_session);
        }

        if (request.SessionId != _session) return (ErrorCode.FetchSessionIdNotFound, 0);
        return request.SessionEpoch == ++_epoch ? (ErrorCode.None, _session) : (ErrorCode.InvalidFetchSessionEpoch, 0);
    }
}
