using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Groups;

/// <summary>
/// One membership, as it stands. It is told what happened and the time, in milliseconds of any clock; it says which request is to be sent
/// next and what is to be told to the consumer. One request and one notice are under way at a time. It waits for nothing
/// and does nothing itself.
/// </summary>
internal abstract class GroupMember(string group, GroupOptions options, GroupSubscription subscription, Func<int, long> backOff)
{
    private readonly Queue<Notice> _notices = new();
    private Notice? _inHand;
    private int _failures;

    public string Group => group;

    /// <summary>Null while the coordinator knows nothing of it.</summary>
    public abstract GroupIdentity? Identity { get; }

    /// <summary>Why it can never be a member again.</summary>
    public KafkaException? Failure { get; private set; }

    /// <summary>Whether there is nothing more to do.</summary>
    public bool IsOver => Phase == MemberPhase.Over && _notices.Count == 0 && _inHand is null;

    /// <summary>Whether what was told last is to be cut short: what it is about belongs to others already.</summary>
    public bool HasLost { get; private set; }

    /// <summary>Whether the answer that is waited for does not matter any more.</summary>
    public bool AbandonsRequest { get; protected set; }

    /// <summary>Whether it is on its way in, or in again.</summary>
    public bool IsJoining => Phase is MemberPhase.Joining or MemberPhase.Looking or MemberPhase.Syncing;

    protected MemberPhase Phase { get; set; } = MemberPhase.Joining;

    protected GroupOptions Options => options;

    protected GroupSubscription Subscription => subscription;

    protected bool IsTelling => _notices.Count > 0 || _inHand is not null;

    protected IMessage? UnderWay { get; private set; }

    /// <summary>Before which nothing is sent.</summary>
    protected long RetryAt { get; set; }

    protected bool IsStatic => options.InstanceId is not null;

    public override string ToString() => $"{Phase}";

    /// <summary>What the consumer is to be told next; null while it is busy with the last.</summary>
    public Notice? TakeNotice()
    {
        if (_inHand is not null || !_notices.TryDequeue(out var notice)) return null;
        _inHand = notice;
        HasLost = false;
        Telling(notice);
        return notice;
    }

    /// <summary>The consumer is done with it, or its time is over.</summary>
    public void Told(long now)
    {
        var notice = _inHand;
        _inHand = null;
        HasLost = false;
        if (notice is not null) Told(notice, now);
    }

    /// <summary>The next request; null where there is none now.</summary>
    public IMessage? TakeRequest(long now)
    {
        if (AbandonsRequest) TakeUnderWay();
        if (UnderWay is not null || now < RetryAt) return null;
        return UnderWay = Next(now);
    }

    public void Answered(IMessage answer, long now)
    {
        if (TakeUnderWay() is not { } request) return;
        if (answer is IThrottledResponse { ThrottleTimeMs: > 0 } throttled) RetryAt = Math.Max(RetryAt, now + throttled.ThrottleTimeMs);
        Learn(request, answer, now);
    }

    /// <summary>No answer came.</summary>
    public void Failed(KafkaException failure, long now)
    {
        if (TakeUnderWay() is not { } request) return;
        if (Phase is MemberPhase.Leaving or MemberPhase.Over)
        {
            // Who goes asks once: whoever cannot be reached notices by itself.
            Phase = MemberPhase.Over;
            return;
        }

        Unanswered(request, failure);
        if (failure.IsTransient) Pause(now);
        else Fail(failure);
    }

    /// <summary>When to ask again for a request though nothing happens until then.</summary>
    public long NextAt(long now) => UnderWay is not null && !AbandonsRequest ? long.MaxValue : Math.Max(DueAt(now), RetryAt);

    /// <summary>The consumer makes no progress: what it has is given to others.</summary>
    public abstract void Suspend(long now);

    /// <summary>The consumer goes on.</summary>
    public abstract void Resume(long now);

    /// <summary>The consumer closes.</summary>
    public void Leave(long now)
    {
        if (Phase is MemberPhase.Leaving or MemberPhase.Over) return;
        var owned = Owned();
        if (owned.Count > 0 && Phase != MemberPhase.Away && !IsLosing()) Tell(NoticeKind.Revoke, owned, now + RevocationMs);
        Phase = MemberPhase.Leaving;
        RetryAt = now;
        // What is under way may wait for other members.
        AbandonsRequest = UnderWay is not null;
    }

    /// <summary>Says that it is alive before that is due, to learn what has changed.</summary>
    public abstract void Hasten();

    protected long RevocationMs => (long)options.RebalanceTimeout.TotalMilliseconds * 4 / 5;

    protected abstract List<TopicPartition> Owned();

    protected abstract IMessage? Next(long now);

    protected abstract long DueAt(long now);

    protected abstract void Learn(IMessage request, IMessage answer, long now);

    protected abstract void Telling(Notice notice);

    protected abstract void Told(Notice notice, long now);

    protected virtual void Unanswered(IMessage request, KafkaException failure)
    {
    }

    protected void Tell(NoticeKind kind, List<TopicPartition> partitions, long deadline)
    {
        if (partitions.Count == 0) return;
        partitions.Sort(PartitionOrder.Compare);
        _notices.Enqueue(new Notice(kind, partitions, deadline));
    }

    /// <summary>Everything belongs to others; what was still to be told of it is void.</summary>
    protected void TellLost(List<TopicPartition> partitions)
    {
        _notices.Clear();
        HasLost = _inHand is { Kind: not NoticeKind.Lose };
        Tell(NoticeKind.Lose, partitions, long.MaxValue);
    }

    /// <summary>What was not told yet is not true any more; what belongs to others stays so.</summary>
    protected void Untell()
    {
        if (_notices.TryPeek(out var next) && next.Kind != NoticeKind.Lose) _notices.Clear();
    }

    protected void Pause(long now) => RetryAt = Math.Max(RetryAt, now + backOff(++_failures));

    protected void Recovered() => _failures = 0;

    protected void Fail(KafkaException failure)
    {
        Failure ??= new KafkaException(failure.Code, failure.Message, null, failure) { IsTransient = false, IsFatal = true };
        Phase = MemberPhase.Over;
        TellLost(Owned());
    }

    protected void Refuse(ErrorCode code, string? told, string what) => Fail(KafkaException.Of(code, told is null ? null : $"{what}: {told}", $"group '{group}'"));

    /// <summary>Whether another broker is to be asked, or the same later.</summary>
    protected static bool IsOfCoordinator(ErrorCode code) =>
        code is ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress;

    /// <summary>What an answer is for; null where the member has thought better of it.</summary>
    private IMessage? TakeUnderWay()
    {
        var request = AbandonsRequest ? null : UnderWay;
        (UnderWay, AbandonsRequest) = (null, false);
        return request;
    }

    private bool IsLosing() => _inHand is { Kind: NoticeKind.Lose } || (_notices.TryPeek(out var next) && next.Kind == NoticeKind.Lose);
}
