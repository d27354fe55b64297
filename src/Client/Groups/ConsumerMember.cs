using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Groups;

/// <summary>
/// A member of a group in the consumer protocol (KIP-848). Heartbeats carry everything: the coordinator's say what the member may hold,
/// the member's say what it does hold, and what it was to give up counts as given up when one of them lacks it.
/// </summary>
internal sealed class ConsumerMember : GroupMember
{
    private const int Joins = 0;
    private const int Leaves = -1;
    private const int LeavesForNow = -2;

    private readonly string _memberId;
    private readonly bool _matchesHere;
    private readonly TopicWatch _topics;
    private readonly long _metadataMs;
    private readonly TopicNames _names = new();
    private readonly HashSet<(Uuid Topic, int Partition)> _owned = [];
    private readonly HashSet<(Uuid Topic, int Partition)> _target = [];
    private int _epoch;
    private long _heartbeatMs;
    private long _heartbeatAt;
    private long _topicsAt;
    private long _namesAt;
    private long? _unreleasedSince;
    private bool _isToldAll;
    private bool _isNews;
    private bool _hasSubscriptionNews;
    private bool _isOut;

    /// <param name="memberId">Made up by the client; the same for the life of the member.</param>
    /// <param name="matchesHere">Whether the coordinator has no patterns.</param>
    public ConsumerMember(string group, string memberId, GroupOptions options, GroupSubscription subscription, Func<int, long> backOff, TimeSpan metadataAge, bool matchesHere = false)
        : base(group, options, subscription, backOff)
    {
        _memberId = memberId;
        _matchesHere = matchesHere && subscription.Pattern is not null;
        _topics = new TopicWatch(subscription);
        _metadataMs = (long)metadataAge.TotalMilliseconds;
        _heartbeatMs = (long)options.HeartbeatInterval.TotalMilliseconds;
    }

    /// <summary>Whether a coordinator has ever let it in.</summary>
    public bool HasBeenIn { get; private set; }

    public override GroupIdentity? Identity => _epoch > 0 ? new GroupIdentity(Group, _memberId, _epoch, Options.InstanceId) : null;

    public override void Hasten() => _heartbeatAt = 0;

    public override void Suspend(long now)
    {
        if (Phase is MemberPhase.Away or MemberPhase.Leaving or MemberPhase.Over) return;
        TellLost(Owned());
        _isOut = _epoch == Joins;
        Phase = MemberPhase.Away;
        AbandonsRequest = UnderWay is not null;
    }

    public override void Resume(long now)
    {
        if (Phase != MemberPhase.Away) return;
        AbandonsRequest = UnderWay is not null;
        JoinAnew();
    }

    // What has no name yet was never given to the consumer.
    protected override List<TopicPartition> Owned() => _names.Of(_owned);

    protected override IMessage? Next(long now)
    {
        switch (Phase)
        {
            case MemberPhase.Joining:
                if (IsTelling) return null;
                return _matchesHere && !_topics.IsKnown ? _topics.Request() : Heartbeat(Joins);
            case MemberPhase.Stable:
                if (_isNews && !IsTelling || now >= _heartbeatAt) return Heartbeat(_epoch);
                if (now >= _namesAt && _names.Missing(_target) is { Count: > 0 } unnamed) return TopicNames.Request(unnamed);
                return _matchesHere && now >= _topicsAt ? _topics.Request() : null;
            case MemberPhase.Away:
                return _isOut ? null : Heartbeat(IsStatic ? LeavesForNow : Leaves);
            case MemberPhase.Leaving when IsTelling:
                return _epoch > 0 && now >= _heartbeatAt ? Heartbeat(_epoch) : null;
            case MemberPhase.Leaving:
                if (_epoch > 0 && !_isOut) return Heartbeat(IsStatic && !Options.LeavesForGood ? LeavesForNow : Leaves);
                Phase = MemberPhase.Over;
                return null;
            default:
                return null;
        }
    }

    protected override long DueAt(long now) => Phase switch
    {
        MemberPhase.Joining => IsTelling ? long.MaxValue : now,
        MemberPhase.Stable when _isNews && !IsTelling => now,
        MemberPhase.Stable => Math.Min(_heartbeatAt, Math.Min(_matchesHere ? _topicsAt : long.MaxValue, _names.Missing(_target).Count > 0 ? _namesAt : long.MaxValue)),
        MemberPhase.Away => _isOut ? long.MaxValue : now,
        MemberPhase.Leaving when IsTelling => _epoch > 0 ? _heartbeatAt : long.MaxValue,
        MemberPhase.Leaving => now,
        _ => long.MaxValue,
    };

    protected override void Telling(Notice notice)
    {
        if (notice.Kind == NoticeKind.Assign)
        {
            foreach (var where in _target)
            {
                if (_names.Find(where) is { } named && notice.Partitions.Contains(named)) _owned.Add(where);
            }
        }
        else if (notice.Kind == NoticeKind.Lose)
        {
            _owned.Clear();
        }
    }

    protected override void Told(Notice notice, long now)
    {
        if (notice.Kind == NoticeKind.Revoke) _owned.RemoveWhere(where => !_target.Contains(where) && _names.Find(where) is { } named && notice.Partitions.Contains(named));
        if (Phase != MemberPhase.Stable) return;
        _isNews = true;
        Reconcile(now);
    }

    protected override void Learn(IMessage request, IMessage answer, long now)
    {
        if (answer is MetadataResponse topics) Looked(topics, now);
        else if (answer is ConsumerGroupHeartbeatResponse heard) Heard((ConsumerGroupHeartbeatRequest)request, heard, now);
    }

    protected override void Unanswered(IMessage request, KafkaException failure)
    {
        // The coordinator may be another by now, or may not have heard it.
        _isToldAll = false;
        if (Phase == MemberPhase.Away) _isOut = true;
    }

    private ConsumerGroupHeartbeatRequest Heartbeat(int epoch)
    {
        var request = new ConsumerGroupHeartbeatRequest { GroupId = Group, MemberId = _memberId, MemberEpoch = epoch, InstanceId = Options.InstanceId };
        if (epoch < 0) return request;
        var tellsAll = epoch == Joins || !_isToldAll;
        if (tellsAll)
        {
            request.RackId = Options.Rack;
            request.RebalanceTimeoutMs = (int)Options.RebalanceTimeout.TotalMilliseconds;
            request.ServerAssignor = Options.ServerAssignor;
            if (Subscription.Pattern is not null && !_matchesHere) request.SubscribedTopicRegex = Subscription.Pattern;
        }

        if (tellsAll || _hasSubscriptionNews) request.SubscribedTopicNames = [.. _topics.Names];
        if (epoch == Joins) request.TopicPartitions = [];
        else if (tellsAll || _isNews) request.TopicPartitions = Holds();
        _isNews = false;
        _hasSubscriptionNews = false;
        return request;
    }

    private WireList<ConsumerGroupHeartbeatRequest.Owned> Holds()
    {
        var byTopic = new Dictionary<Uuid, ConsumerGroupHeartbeatRequest.Owned>();
        var holds = new WireList<ConsumerGroupHeartbeatRequest.Owned>();
        foreach (var (topic, partition) in _owned)
        {
            if (!byTopic.TryGetValue(topic, out var its))
            {
                byTopic[topic] = its = new ConsumerGroupHeartbeatRequest.Owned { TopicId = topic };
                holds.Add(its);
            }

            its.Partitions.Add(partition);
        }

        return holds;
    }

    private void Heard(ConsumerGroupHeartbeatRequest request, ConsumerGroupHeartbeatResponse heard, long now)
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
        _unreleasedSince = null;
        _isToldAll = true;
        _epoch = heard.MemberEpoch;
        HasBeenIn = true;
        if (heard.HeartbeatIntervalMs > 0) _heartbeatMs = heard.HeartbeatIntervalMs;
        _heartbeatAt = now + _heartbeatMs;
        if (Phase == MemberPhase.Joining) Phase = MemberPhase.Stable;
        if (Phase != MemberPhase.Stable || heard.Assignment is not { } assignment) return;
        var target = new HashSet<(Uuid, int)>();
        foreach (var topic in assignment.TopicPartitions)
        {
            foreach (var partition in topic.Partitions) target.Add((topic.TopicId, partition));
        }

        // One that says the same again wants no answer.
        if (target.SetEquals(_target)) return;
        _target.Clear();
        _target.UnionWith(target);
        Untell();
        _namesAt = now;
        _isNews = true;
        Reconcile(now);
    }

    /// <summary>One step from what it holds to what it may hold: first what goes, then what comes and has a name.</summary>
    private void Reconcile(long now)
    {
        if (IsTelling) return;
        var gone = new List<(Uuid, int)>();
        foreach (var where in _owned)
        {
            if (!_target.Contains(where)) gone.Add(where);
        }

        if (gone.Count > 0)
        {
            Tell(NoticeKind.Revoke, _names.Of(gone), now + RevocationMs);
            return;
        }

        var come = new List<(Uuid, int)>();
        foreach (var where in _target)
        {
            if (!_owned.Contains(where)) come.Add(where);
        }

        Tell(NoticeKind.Assign, _names.Of(come), long.MaxValue);
    }

    private void Looked(MetadataResponse topics, long now)
    {
        _names.Learn(topics);
        // One that a broker does not know yet is asked for again, not at once.
        _namesAt = now + _heartbeatMs;
        if (_matchesHere && (!_topics.IsKnown || now >= _topicsAt))
        {
            var isChange = _topics.Learn(topics);
            _topicsAt = now + _metadataMs;
            _hasSubscriptionNews |= isChange;
            if (isChange) _heartbeatAt = now;
        }

        if (Phase == MemberPhase.Stable) Reconcile(now);
    }

    private void Refused(ErrorCode code, string? told, long now)
    {
        switch (code)
        {
            case ErrorCode.FencedMemberEpoch or ErrorCode.UnknownMemberId:
                if (Phase == MemberPhase.Leaving)
                {
                    _isOut = true;
                    break;
                }

                TellLost(Owned());
                JoinAnew();
                break;
            case ErrorCode.UnreleasedInstanceId when now - (_unreleasedSince ??= now) < (long)Options.SessionTimeout.TotalMilliseconds * 2:
                // One of the same name that crashed is in until its session ends.
                Pause(now);
                break;
            case var _ when IsOfCoordinator(code) || code.IsRetriable():
                Pause(now);
                break;
            default:
                Refuse(code, told, "the coordinator refused the member");
                break;
        }
    }

    private void JoinAnew()
    {
        (Phase, _epoch, _isToldAll, _isNews, _isOut) = (MemberPhase.Joining, Joins, false, false, false);
        _target.Clear();
    }
}
