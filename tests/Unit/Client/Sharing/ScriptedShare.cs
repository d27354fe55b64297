using System.Globalization;
using System.Text;
using Moldau.Client;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Moldau.Unit.Client.Connections;

namespace Moldau.Unit.Client.Sharing;

/// <summary>A share group that reads partition 0 of topic t, as a <see cref="ScriptedBroker"/> has it: each member gets what is available, and nobody's lock ends by itself.</summary>
internal sealed class ScriptedShare
{
    public const int LockMs = 30_000;

    private static readonly Uuid Topic = new(1, 2);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, (string? Member, short Count, sbyte Done)> _records = [];
    private readonly Dictionary<(string Member, int Port), int> _sessions = [];
    private readonly List<string> _told = [];
    private int _requests;

    public ScriptedShare(ScriptedBroker broker)
    {
        broker.On(ApiKey.FindCoordinator, static (_, _, _) => ScriptedReply.Of(new FindCoordinatorResponse { Coordinators = [new FindCoordinatorResponse.Coordinator { NodeId = 1, Host = "scripted", Port = 1 }] }));
        broker.On(ApiKey.ShareGroupHeartbeat, (request, _, _) => Heartbeat((ShareGroupHeartbeatRequest)request));
        broker.On(ApiKey.ShareFetch, (request, _, port) => Fetch((ShareFetchRequest)request, port));
        broker.On(ApiKey.ShareAcknowledge, (request, _, port) => Acknowledge((ShareAcknowledgeRequest)request, port));
    }

    /// <summary>Answers a heartbeat in place of the group; null: as usual.</summary>
    public Func<ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse?> OnHeartbeat { get; set; } = static _ => null;

    /// <summary>Answers the request of that number, counted from 1, in place of the partition; null: as usual.</summary>
    public Func<int, int, IMessage, ScriptedReply?> OnRequest { get; set; } = static (_, _, _) => null;

    /// <summary>What was acknowledged and what sessions did, in order.</summary>
    public IReadOnlyList<string> Told
    {
        get
        {
            lock (_gate) return [.. _told];
        }
    }

    public List<ShareGroupHeartbeatRequest> Heartbeats { get; } = [];

    public void Append(int count)
    {
        lock (_gate)
        {
            for (var i = 0; i < count; i++) _records[_records.Count] = (null, 0, 0);
        }
    }

    /// <summary>Whoever has records has them no more.</summary>
    public void TakeAway()
    {
        lock (_gate)
        {
            foreach (var (offset, record) in _records.ToArray()) _records[offset] = record with { Member = null };
        }
    }

    private ScriptedReply Heartbeat(ShareGroupHeartbeatRequest request)
    {
        lock (_gate)
        {
            Heartbeats.Add(request);
            if (OnHeartbeat(request) is { } other) return ScriptedReply.Of(other);
            return ScriptedReply.Of(new ShareGroupHeartbeatResponse
            {
                MemberId = request.MemberId,
                MemberEpoch = request.MemberEpoch < 0 ? -1 : request.MemberEpoch + (request.MemberEpoch == 0 ? 1 : 0),
                HeartbeatIntervalMs = 5,
                Assignment = request.MemberEpoch != 0 ? null : new ShareGroupHeartbeatResponse.MemberAssignment { TopicPartitions = [new ShareGroupHeartbeatResponse.TopicPartition { TopicId = Topic, Partitions = [0] }] },
            });
        }
    }

    private ScriptedReply Fetch(ShareFetchRequest request, int port)
    {
        lock (_gate)
        {
            if (OnRequest(++_requests, port, request) is { } other) return other;
            var answer = new ShareFetchResponse { AcquisitionLockTimeoutMs = LockMs };
            if (Enter(request.MemberId!, port, request.ShareSessionEpoch) is var error && error != ErrorCode.None)
            {
                answer.ErrorCode = error;
                return ScriptedReply.Of(answer);
            }

            var partition = new ShareFetchResponse.Partition();
            answer.Responses.Add(new ShareFetchResponse.Topic { TopicId = Topic, Partitions = [partition] });
            foreach (var topic in request.Topics)
            {
                foreach (var batch in topic.Partitions[0].AcknowledgementBatches)
                    partition.AcknowledgeErrorCode = Take(request.MemberId!, batch.FirstOffset, batch.LastOffset, batch.AcknowledgeTypes[0], partition.AcknowledgeErrorCode);
            }

            Acquire(request.MemberId!, request.MaxRecords, partition);
            // Nobody is asked twice a microsecond whether something came.
            if (partition.AcquiredRecords.Count == 0) Thread.Sleep(1);
            return ScriptedReply.Of(answer);
        }
    }

    private ScriptedReply Acknowledge(ShareAcknowledgeRequest request, int port)
    {
        lock (_gate)
        {
            if (OnRequest(++_requests, port, request) is { } other) return other;
            var answer = new ShareAcknowledgeResponse { AcquisitionLockTimeoutMs = LockMs };
            if (Enter(request.MemberId!, port, request.ShareSessionEpoch) is var error && error != ErrorCode.None)
            {
                answer.ErrorCode = error;
                return ScriptedReply.Of(answer);
            }

            foreach (var topic in request.Topics)
            {
                var partition = new ShareAcknowledgeResponse.Partition();
                answer.Responses.Add(new ShareAcknowledgeResponse.Topic { TopicId = topic.TopicId, Partitions = [partition] });
                foreach (var batch in topic.Partitions[0].AcknowledgementBatches)
                    partition.ErrorCode = Take(request.MemberId!, batch.FirstOffset, batch.LastOffset, batch.AcknowledgeTypes[0], partition.ErrorCode);
            }

            if (request.ShareSessionEpoch < 0) Close(request.MemberId!, port);
            return ScriptedReply.Of(answer);
        }
    }

    private ErrorCode Enter(string member, int port, int epoch)
    {
        if (epoch == 0)
        {
            _sessions[(member, port)] = 0;
            _told.Add("open");
            return ErrorCode.None;
        }

        if (!_sessions.TryGetValue((member, port), out var last)) return ErrorCode.ShareSessionNotFound;
        if (epoch > 0 && epoch != last + 1) return ErrorCode.InvalidShareSessionEpoch;
        _sessions[(member, port)] = last + 1;
        return ErrorCode.None;
    }

    private ErrorCode Take(string member, long first, long last, sbyte type, ErrorCode error)
    {
        for (var offset = first; offset <= last; offset++)
        {
            if (_records[offset].Member != member)
            {
                error = ErrorCode.InvalidRecordState;
                continue;
            }

            _told.Add($"{offset}={(Moldau.Client.Sharing.Acknowledgement)type}");
            if (type == 4) continue;
            _records[offset] = _records[offset] with { Member = null, Done = type == 2 ? (sbyte)0 : type };
        }

        return error;
    }

    private void Acquire(string member, int most, ShareFetchResponse.Partition partition)
    {
        var offsets = _records.Where(static one => one.Value is { Member: null, Done: 0 }).Select(static one => one.Key).Order().Take(most).ToList();
        if (offsets.Count == 0) return;
        using var builder = new RecordBatchBuilder();
        for (var offset = offsets[0]; offset <= offsets[^1]; offset++) builder.Append(1_700_000_000_000, OptionalBytes.Null, Encoding.UTF8.GetBytes(offset.ToString(CultureInfo.InvariantCulture)));
        partition.Records = RecordData.Of(builder.Finish(new BatchOptions { BaseOffset = offsets[0] }).ToArray());
        foreach (var offset in offsets)
        {
            var count = (short)(_records[offset].Count + 1);
            _records[offset] = (member, count, 0);
            partition.AcquiredRecords.Add(new ShareFetchResponse.Acquired { FirstOffset = offset, LastOffset = offset, DeliveryCount = count });
        }
    }

    private void Close(string member, int port)
    {
        _sessions.Remove((member, port));
        _told.Add("close");
        foreach (var (offset, record) in _records.ToArray())
        {
            if (record.Member == member) _records[offset] = record with { Member = null };
        }
    }
}
