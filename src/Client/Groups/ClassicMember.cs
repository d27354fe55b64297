using Moldau.Client.Groups.Assignors;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Groups;

/// <summary>
/// A member of a group in the classic protocol: joins, syncs, heartbeats, and joins again when the group rebalances. The one that leads
/// gives the partitions out. With cooperative assignors alone (KIP-429) it keeps what it has while it joins, gives up only
/// what the assignment lacks, and joins again for others to get that.
/// </summary>
internal sealed class ClassicMember : GroupMember
{
    private const string Consumers = "consumer";

    private readonly Dictionary<string, PartitionAssignor> _assignors = new(StringComparer.Ordinal);
    private readonly List<PartitionAssignor> _preferred = [];
    private readonly bool _isCooperative = true;
    private readonly long _metadataMs;
    private readonly HashSet<TopicPartition> _owned = [];
    private List<TopicPartition> _previous = [];
    private int _previousGeneration = -1;
    private string _memberId = "";
    private int _generation = -1;
    private string _protocol = "";
    private string _reason = "the member is new";
    private bool _joinsAgain;
    private long _heartbeatAt;
    private TopicWatch _topics;
    private long _topicsAt;
    private ClassicLead? _lead;

    public ClassicMember(string group, GroupOptions options, GroupSubscription subscription, Func<int, long> backOff, TimeSpan metadataAge)
        : base(group, options, subscription, backOff)
    {
        foreach (var assignor in options.Assignors ?? [ClassicAssignor.CooperativeSticky, ClassicAssignor.Range])
        {
            var computes = PartitionAssignor.Of(assignor);
            if (!_assignors.TryAdd(computes.Name, computes)) throw new ArgumentException($"the assignor '{computes.Name}' stands twice in the list");
            _preferred.Add(computes);
            _isCooperative &= computes.IsCooperative;
        }

        _metadataMs = (long)metadataAge.TotalMilliseconds;
        _topics = new TopicWatch(subscription);
    }

    public override GroupIdentity? Identity => _generation < 0 ? null : new GroupIdentity(Group, _memberId, _generation, Options.InstanceId);

    public override void Hasten() => _heartbeatAt = 0;

    public override void Suspend(long now)
    {
        if (Phase is MemberPhase.Away or MemberPhase.Leaving or MemberPhase.Over) return;
        TellLost(Owned());
        Phase = MemberPhase.Away;
        AbandonsRequest = UnderWay is not null;
    }

    public override void Resume(long now)
    {
        if (Phase != MemberPhase.Away) return;
        (Phase, RetryAt) = (MemberPhase.Joining, now);
        // A static member was out only if its session ended; the coordinator says so.
        if (!IsStatic) Forget(forgetsId: true);
        else _generation = -1;
        _reason = "the consumer goes on";
    }

    protected override List<TopicPartition> Owned() => [.. _owned];

    protected override IMessage? Next(long now) => Phase switch
    {
        MemberPhase.Joining when IsTelling => HeartbeatIfDue(now),
        MemberPhase.Joining => _topics.IsKnown ? Join() : _topics.Request(),
        MemberPhase.Looking => _lead!.Topics.Request(),
        MemberPhase.Syncing => Sync(),
        MemberPhase.Stable => (IMessage?)HeartbeatIfDue(now) ?? (now >= _topicsAt ? Watched?.Request() : null),
        MemberPhase.Away => Leaving(hasLeft: IsStatic),
        MemberPhase.Leaving when !IsTelling => Leaving(hasLeft: IsStatic && !Options.LeavesForGood),
        MemberPhase.Leaving => HeartbeatIfDue(now),
        _ => null,
    };

    protected override long DueAt(long now) => Phase switch
    {
        MemberPhase.Joining or MemberPhase.Leaving when IsTelling => _generation >= 0 ? _heartbeatAt : long.MaxValue,
        MemberPhase.Stable => Math.Min(_heartbeatAt, Watched is null ? long.MaxValue : _topicsAt),
        MemberPhase.Away => _memberId.Length > 0 && !IsStatic ? now : long.MaxValue,
        MemberPhase.Over => long.MaxValue,
        _ => now,
    };

    protected override void Telling(Notice notice)
    {
        if (notice.Kind == NoticeKind.Assign) _owned.UnionWith(notice.Partitions);
        if (notice.Kind == NoticeKind.Lose) _owned.Clear();
    }

    protected override void Told(Notice notice, long now)
    {
        if (notice.Kind == NoticeKind.Revoke) _owned.ExceptWith(notice.Partitions);
        if (IsTelling) return;
        if (Phase == MemberPhase.Joining) GiveUp(now);
        else if (_joinsAgain && Phase == MemberPhase.Stable) Rejoin(now, "partitions were given up for others");
    }

    protected override void Learn(IMessage request, IMessage answer, long now)
    {
        switch (answer)
        {
            case JoinGroupResponse joined: Joined(joined, now); break;
            case SyncGroupResponse synced: Synced(synced, now); break;
            case HeartbeatResponse heard: Heard(heard.ErrorCode, now); break;
            case MetadataResponse topics: Looked(topics, now); break;
            case LeaveGroupResponse: Left(); break;
        }
    }

    protected override void Unanswered(IMessage request, KafkaException failure)
    {
        if (Phase == MemberPhase.Away && request is LeaveGroupRequest) _memberId = "";
    }

    /// <summary>The topics whose change means another assignment: the leader's are those of all members, and a pattern asks for all there are.</summary>
    private TopicWatch? Watched => Subscription.Pattern is null ? _lead?.Topics : _topics;

    private HeartbeatRequest? HeartbeatIfDue(long now)
    {
        if (_generation < 0 || now < _heartbeatAt) return null;
        return new HeartbeatRequest { GroupId = Group, GenerationId = _generation, MemberId = _memberId, GroupInstanceId = Options.InstanceId };
    }

    private JoinGroupRequest Join()
    {
        var request = new JoinGroupRequest
        {
            GroupId = Group,
            SessionTimeoutMs = (int)Options.SessionTimeout.TotalMilliseconds,
            RebalanceTimeoutMs = (int)Options.RebalanceTimeout.TotalMilliseconds,
            MemberId = _memberId,
            GroupInstanceId = Options.InstanceId,
            ProtocolType = Consumers,
            Reason = _reason,
        };
        foreach (var assignor in _preferred)
        {
            var subscription = new ConsumerProtocolSubscription
            {
                Topics = [.. _topics.Names],
                UserData = assignor.UserData(_previous, _previousGeneration),
                GenerationId = _owned.Count > 0 ? _previousGeneration : -1,
                RackId = Options.Rack,
            };
            foreach (var (topic, numbers) in PartitionOrder.ByTopic(_owned))
                subscription.OwnedPartitions.Add(new ConsumerProtocolSubscription.TopicPartition { Topic = topic, Partitions = [.. numbers] });
            request.Protocols.Add(new JoinGroupRequest.Protocol { Name = assignor.Name, Metadata = ClassicSubscription.Write(subscription) });
        }

        return request;
    }

    private void Joined(JoinGroupResponse joined, long now)
    {
        if (joined.ErrorCode == ErrorCode.MemberIdRequired)
        {
            _memberId = joined.MemberId;
            return;
        }

        if (joined.ErrorCode != ErrorCode.None)
        {
            Refused(joined.ErrorCode, "joining", now);
            return;
        }

        Recovered();
        (_memberId, _generation, _protocol) = (joined.MemberId, joined.GenerationId, joined.ProtocolName ?? "");
        _heartbeatAt = now + (long)Options.HeartbeatInterval.TotalMilliseconds;
        _lead = null;
        Phase = MemberPhase.Syncing;
        if (joined.Leader != _memberId) return;
        if (!_assignors.TryGetValue(_protocol, out var assignor))
        {
            Refuse(ErrorCode.InconsistentGroupProtocol, $"the coordinator chose '{_protocol}', which this member did not offer", "joining");
            return;
        }

        _lead = new ClassicLead(joined, assignor);
        Phase = MemberPhase.Looking;
    }

    private SyncGroupRequest Sync()
    {
        var request = new SyncGroupRequest
        {
            GroupId = Group,
            GenerationId = _generation,
            MemberId = _memberId,
            GroupInstanceId = Options.InstanceId,
            ProtocolType = Consumers,
            ProtocolName = _protocol,
        };
        _lead?.AddTo(request);
        return request;
    }

    private void Synced(SyncGroupResponse synced, long now)
    {
        if (synced.ErrorCode != ErrorCode.None)
        {
            Refused(synced.ErrorCode, "syncing", now);
            return;
        }

        List<TopicPartition> assigned;
        try
        {
            assigned = ClassicSubscription.Assigned(synced.Assignment);
        }
        catch (MalformedMessageException strange)
        {
            Refuse(ErrorCode.InconsistentGroupProtocol, $"what the leader gave cannot be read: {strange.Message}", "syncing");
            return;
        }

        Recovered();
        Phase = MemberPhase.Stable;
        (_previous, _previousGeneration) = (assigned, _generation);
        _topicsAt = now + _metadataMs;
        var given = assigned.FindAll(where => !_owned.Contains(where));
        var gone = new List<TopicPartition>(_owned);
        gone.RemoveAll(assigned.Contains);
        _joinsAgain = gone.Count > 0;
        Tell(NoticeKind.Revoke, gone, now + RevocationMs);
        Tell(NoticeKind.Assign, given, long.MaxValue);
    }

    private void Heard(ErrorCode code, long now)
    {
        _heartbeatAt = now + (long)Options.HeartbeatInterval.TotalMilliseconds;
        // Who is on its way already hears what it knows.
        if (code == ErrorCode.RebalanceInProgress && Phase != MemberPhase.Stable) return;
        if (code == ErrorCode.None) Recovered();
        else if (Phase == MemberPhase.Leaving) _generation = IsOfCoordinator(code) ? _generation : -1;
        else Refused(code, "heartbeating", now);
    }

    private void Looked(MetadataResponse topics, long now)
    {
        _topicsAt = now + _metadataMs;
        if (Phase == MemberPhase.Looking)
        {
            _lead!.Topics.Learn(topics);
            _lead.Assign();
            Phase = MemberPhase.Syncing;
            return;
        }

        var isChange = Subscription.Pattern is not null && _topics.Learn(topics);
        if (Phase != MemberPhase.Stable) return;
        isChange |= _lead is not null && _lead.Topics.Learn(topics);
        if (isChange) Rejoin(now, "topics have changed");
    }

    private LeaveGroupRequest? Leaving(bool hasLeft)
    {
        if (!hasLeft && _memberId.Length > 0)
            return new LeaveGroupRequest { GroupId = Group, Members = [new LeaveGroupRequest.Member { MemberId = _memberId, GroupInstanceId = Options.InstanceId, Reason = Phase == MemberPhase.Away ? "the consumer makes no progress" : "the consumer closes" }] };
        Left();
        return null;
    }

    private void Left()
    {
        if (Phase == MemberPhase.Leaving) Phase = MemberPhase.Over;
        if (!IsStatic || Phase == MemberPhase.Over) Forget(forgetsId: true);
        else _generation = -1;
    }

    private void Refused(ErrorCode code, string what, long now)
    {
        switch (code)
        {
            case ErrorCode.RebalanceInProgress:
                Rejoin(now, "the group rebalances");
                break;
            case ErrorCode.IllegalGeneration:
                LoseAll(forgetsId: false, "the generation was another");
                break;
            case ErrorCode.UnknownMemberId:
                LoseAll(forgetsId: true, "the coordinator did not know the member");
                break;
            case var _ when IsOfCoordinator(code) || code.IsRetriable():
                Pause(now);
                break;
            default:
                Refuse(code, null, what);
                break;
        }
    }

    private void LoseAll(bool forgetsId, string reason)
    {
        TellLost(Owned());
        Forget(forgetsId);
        (Phase, _reason) = (MemberPhase.Joining, reason);
    }

    private void Forget(bool forgetsId)
    {
        _generation = -1;
        _lead = null;
        _joinsAgain = false;
        if (forgetsId) _memberId = "";
    }

    private void Rejoin(long now, string reason)
    {
        (Phase, _reason, _joinsAgain) = (MemberPhase.Joining, reason, false);
        GiveUp(now);
    }

    /// <summary>What may not be kept while the member joins; what is told already comes first.</summary>
    private void GiveUp(long now)
    {
        if (IsTelling) return;
        var given = Owned();
        if (_isCooperative) given.RemoveAll(where => _topics.Names.Contains(where.Topic));
        Tell(NoticeKind.Revoke, given, now + RevocationMs);
    }
}
