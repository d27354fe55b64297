using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Groups;

/// <summary>
/// A member of a share group (KIP-932). The coordinator says what it reads, and others may read the same: nothing is handed over, so
/// that nothing has to be waited for.
/// </summary>
internal sealed class ShareMember : GroupMember
{
    private const int Joins = 0;
    private const int Leaves = -1;

    private readonly string _memberId;
    private readonly TopicNames _names = new();
    private readonly HashSet<(Uuid Topic, int Partition)> _owned = [];
    private readonly HashSet<(Uuid Topic, int Partition)> _target = [];
    private int _epoch;
    private long _heartbeatMs;
    private long _heartbeatAt;
    private long _namesAt;
    private bool _isToldAll;
    private bool _isOut;

    /// <param name="memberId">Made up by the client; the same for the life of the member, also where it has to join anew.</param>
    public ShareMember(string group, string memberId, GroupOptions options, GroupSubscription subscription, Func<int, long> backOff)
        : base(group, options, subscription, backOff)
    {
        _memberId = memberId;
        _heartbeatMs = (long)options.HeartbeatInterval.TotalMilliseconds;
    }

    public override GroupIdentity? Identity => _epoch > 0 ? new GroupIdentity(Group, _memberId, _epoch, null) : null;

    public override void Hasten() => _heartbeatAt = 0;

    // One that makes no progress keeps nothing from others: its locks end.
    public override void Suspend(long now)
    {
    }

    public override void Resume(long now)
    {
    }

    protected override List<TopicPartition> Owned() => _names.Of(_owned);

    protected override IMessage? Next(long now)
    {
        switch (Phase)
        {
            case MemberPhase.Joining:
                return Heartbeat(Joins);
            case MemberPhase.Stable:
                if (now >= _heartbeatAt) return Heartbeat(_epoch);
                return now >= _namesAt && _names.Missing(_target) is { Count: > 0 } unnamed ? TopicNames.Request(unnamed) : null;
            case MemberPhase.Leaving when IsTelling:
                return _epoch > 0 && now >= _heartbeatAt ? Heartbeat(_epoch) : null;
            case MemberPhase.Leaving:
                if (_epoch > 0 && !_isOut) return Heartbeat(Leaves);
                Phase = MemberPhase.Over;
                return null;
            default:
                return null;
        }
    }

    protected override long DueAt(long now) => Phase switch
    {
        MemberPhase.Joining => now,
        MemberPhase.Stable => Math.Min(_heartbeatAt, _names.Missing(_target).Count > 0 ? _namesAt : long.MaxValue),
        MemberPhase.Leaving when IsTelling => _epoch > 0 ? _heartbeatAt : long.MaxValue,
        MemberPhase.Leaving => now,
        _ => long.MaxValue,
    };

    protected override void Telling(Notice notice)
    {
        foreach (var where in _target)
        {
            if (notice.Kind == NoticeKind.Assign && _names.Find(where) is { } named && notice.Partitions.Contains(named)) _owned.Add(where);
        }

        if (notice.Kind != NoticeKind.Assign) _owned.RemoveWhere(where => _names.Find(where) is { } named && notice.Partitions.Contains(named));
    }

    protected override void Told(Notice notice, long now)
    {
        if (Phase == MemberPhase.Stable) Reconcile(now);
    }

    protected override void Learn(IMessage request, IMessage answer, long now)
    {
        if (answer is MetadataResponse topics)
        {
            _names.Learn(topics);
            // One that a broker does not know yet is asked for again, not at once.
            _namesAt = now + _heartbeatMs;
            if (Phase == MemberPhase.Stable) Reconcile(now);
        }
        else if (answer is ShareGroupHeartbeatResponse heard)
        {
            Heard((ShareGroupHeartbeatRequest)request, heard, now);
        }
    }

    // The coordinator may be another by now, or may not have heard it.
    protected override void Unanswered(IMessage request, KafkaException failure) => _isToldAll = false;

    private ShareGroupHeartbeatRequest Heartbeat(int epoch)
    {
        var request = new ShareGroupHeartbeatRequest { GroupId = Group, MemberId = _memberId, MemberEpoch = epoch };
        if (epoch < 0 || (epoch != Joins && _isToldAll)) return request;
        request.RackId = Options.Rack;
        request.SubscribedTopicNames = [.. Subscription.Topics];
        return request;
    }

    private void Heard(ShareGroupHeartbeatRequest request, ShareGroupHeartbeatResponse heard, long now)
    {
        if (request.MemberEpoch < 0)
        {
            // Whatever it says: it is out, or was.
            _isOut = true;
            if (Phase == MemberPhase.Leaving) Phase = MemberPhase.Over;
            return;
        }

        _heartbeatAt = now + _heartbeatMs;
        if (heard.ErrorCode != ErrorCode.None)
        {
            _isToldAll = false;
            Refused(heard.ErrorCode, heard.ErrorMessage, now);
            return;
        }

        Recovered();
        _isToldAll = true;
        _epoch = heard.MemberEpoch;
        if (heard.HeartbeatIntervalMs > 0) _heartbeatMs = heard.HeartbeatIntervalMs;
        _heartbeatAt = now + _heartbeatMs;
        if (Phase == MemberPhase.Joining) Phase = MemberPhase.Stable;
        if (Phase != MemberPhase.Stable || heard.Assignment is not { } assignment) return;
        _target.Clear();
        foreach (var topic in assignment.TopicPartitions)
        {
            foreach (var partition in topic.Partitions) _target.Add((topic.TopicId, partition));
        }

        Untell();
        _namesAt = now;
        Reconcile(now);
    }

    /// <summary>One step from what it reads to what it is to read.</summary>
    private void Reconcile(long now)
    {
        if (IsTelling) return;
        var gone = new List<(Uuid, int)>(_owned);
        gone.RemoveAll(_target.Contains);
        if (gone.Count > 0)
        {
            Tell(NoticeKind.Revoke, _names.Of(gone), now + RevocationMs);
            return;
        }

        var come = new List<(Uuid, int)>(_target);
        come.RemoveAll(_owned.Contains);
        Tell(NoticeKind.Assign, _names.Of(come), long.MaxValue);
    }

    private void Refused(ErrorCode code, string? told, long now)
    {
        switch (code)
        {
            case ErrorCode.FencedMemberEpoch or ErrorCode.UnknownMemberId when Phase == MemberPhase.Leaving:
                _isOut = true;
                break;
            case ErrorCode.FencedMemberEpoch or ErrorCode.UnknownMemberId:
                TellLost(Owned());
                (Phase, _epoch) = (MemberPhase.Joining, Joins);
                _target.Clear();
                break;
            case ErrorCode.UnsupportedVersion:
                Fail(NoSharing($"the coordinator refused the member: {told ?? code.Message()}", Group));
                break;
            case var _ when IsOfCoordinator(code) || code.IsRetriable():
                Pause(now);
                break;
            default:
                Refuse(code, told, "the coordinator refused the member");
                break;
        }
    }

    /// <summary>What a cluster lacks that has no share groups.</summary>
    public static KafkaException NoSharing(string problem, string group) => new(
        ErrorCode.UnsupportedVersion,
        $"{problem}; share groups came with Kafka 4.1, and a cluster has them where its feature share.version is at 1 (kafka-features.sh upgrade --feature share.version=1)",
        $"group '{group}'") { IsTransient = false, IsFatal = true };
}
