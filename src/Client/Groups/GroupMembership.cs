using Microsoft.Extensions.Logging;
using Moldau.Client.Connections;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Groups;

/// <summary>
/// Keeps a consumer in its group: one loop that sends what its member says, when it says so, and tells the consumer what that is told.
/// Requests and what is told go side by side, so that no handler holds up a heartbeat.
/// </summary>
internal sealed class GroupMembership : IAsyncDisposable
{
    private readonly ClientCore _core;
    private readonly string _group;
    private readonly GroupOptions _options;
    private readonly GroupSubscription _subscription;
    private readonly GroupHooks _hooks;
    private readonly GroupRequests _requests;
    private readonly int _owner;
    private readonly HeldPartitions _held = new();
    private readonly GroupOffsets _offsets;
    private readonly ProgressWatch _progress;
    private readonly Func<long?> _advance;
    private readonly bool _isShare;
    private readonly ILogger _log;
    private readonly long _started;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private Task _loop = Task.CompletedTask;
    private volatile GroupMember? _member;
    private volatile GroupIdentity? _identity;
    private volatile bool _leaves;
    private volatile bool _hastens;
    private KafkaException? _hookFailure;
    private long _changingSince = -1;
    private long _emptySince = -1;

    /// <param name="core">The client.</param>
    /// <param name="group">The group's id.</param>
    /// <param name="options">How to be its member.</param>
    /// <param name="subscription">What to read.</param>
    /// <param name="hooks">What the consumer is told.</param>
    /// <param name="progress">Another number whenever the consumer has got on with what it has; null while it has nothing to do.</param>
    /// <param name="isShare">Whether it is a share group.</param>
    public GroupMembership(ClientCore core, string group, GroupOptions options, GroupSubscription subscription, GroupHooks hooks, Func<long?> progress, bool isShare = false)
    {
        options.Check(group);
        _core = core;
        _group = group;
        _options = options;
        _subscription = subscription;
        _hooks = hooks;
        _advance = progress;
        _isShare = isShare;
        _owner = core.Pool.NewOwner();
        _requests = new GroupRequests(core, group, options, _owner);
        _offsets = new GroupOffsets(core, group, _held, () => _identity, () => _member is ConsumerMember, Hasten);
        _progress = new ProgressWatch(options.MaxPollInterval);
        _log = core.Options.LoggerFactory.CreateLogger("Moldau.Client");
        _started = core.Options.Clock.GetTimestamp();
    }

    /// <summary>The member, as the coordinator knows it now; null while it knows none.</summary>
    public GroupIdentity? Current => _identity;

    /// <summary>Told when the member is in and holds nothing.</summary>
    public Action HoldsNothing { get; set; } = static () => { };

    /// <summary>
    /// How long one that holds nothing is to wait until nothing will come, as things are: others have their time to give something up, and
    /// the coordinator does not say what it waits for. Null where it holds something, or is not in.
    /// </summary>
    public TimeSpan? StaysEmptyIn
    {
        get
        {
            var since = Interlocked.Read(ref _emptySince);
            return since < 0 ? null : _options.RebalanceTimeout - TimeSpan.FromMilliseconds(Now - since);
        }
    }

    /// <summary>What the member holds.</summary>
    public IReadOnlyList<TopicPartition> Held => _held.All();

    /// <summary>Ends when the member has left; fails where it can never be one again.</summary>
    public Task Completion => _loop;

    /// <summary>Begins to join; not before the hooks can be called.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_loop != Task.CompletedTask) throw new InvalidOperationException("this membership has begun already");
            _loop = Task.Run(RunAsync);
        }
    }

    /// <summary>The consumer comes for more: one that was out because it made no progress joins again.</summary>
    public void Nudge()
    {
        if (_progress.IsLate) Wake();
    }

    /// <summary>Stores how far the group has read. What belongs to another by now comes back as an outcome and is not stored.</summary>
    /// <exception cref="KafkaException">The coordinator cannot be asked.</exception>
    public Task<Dictionary<TopicPartition, Outcome<OffsetPosition>>> CommitAsync(IReadOnlyDictionary<TopicPartition, OffsetPosition> offsets, CancellationToken cancellation) =>
        _offsets.CommitAsync(offsets, cancellation);

    /// <summary>What the group has stored of these; those of which it has stored nothing are left out.</summary>
    /// <param name="partitions">Which.</param>
    /// <param name="isStable">Whether to wait for transactions that may change it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="KafkaException">The coordinator cannot be asked, or refused.</exception>
    public Task<Dictionary<TopicPartition, OffsetPosition>> CommittedAsync(IReadOnlyCollection<TopicPartition> partitions, bool isStable, CancellationToken cancellation) =>
        _offsets.CommittedAsync(partitions, isStable, cancellation);

    /// <summary>Gives everything back and leaves; when the deadline is over, whatever is still under way is let go.</summary>
    public async Task LeaveAsync(TimeSpan deadline)
    {
        _leaves = true;
        Wake();
        try
        {
            await _loop.WaitAsync(deadline, _core.Options.Clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Late(_log, _group, null);
        }
        catch (KafkaException)
        {
            // Told by Completion.
        }

        await _closing.CancelAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_closing.IsCancellationRequested) await LeaveAsync(_core.Options.CloseTimeout).ConfigureAwait(false);
    }

    private long Now => (long)_core.Options.Clock.GetElapsedTime(_started).TotalMilliseconds;

    private void Hasten()
    {
        _hastens = true;
        Wake();
    }

    private void Wake()
    {
        if (_wake.CurrentCount == 0) _wake.Release();
    }

    private async Task RunAsync()
    {
        try
        {
            var member = await ChooseAsync().ConfigureAwait(false);
            while (member is not null) member = await KeepAsync(member).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Closed before it was over.
        }
        finally
        {
            _identity = null;
            await _core.Pool.CloseAsync(_owner).ConfigureAwait(false);
        }
    }

    /// <summary>A member of the protocol that was asked for, or of the one the coordinator has.</summary>
    private async Task<GroupMember?> ChooseAsync()
    {
        for (var failures = 1; !_leaves; failures++)
        {
            try
            {
                if (_isShare) return await ShareAsync().ConfigureAwait(false);
                if (_options.Protocol == GroupProtocol.Classic || (_options.Protocol == GroupProtocol.Auto && _options.Assignors is not null)) return Classic();
                var (hasConsumer, hasPatterns) = await _requests.AskWhatItHasAsync(_closing.Token).ConfigureAwait(false);
                if (hasConsumer) return Consumer(hasPatterns);
                if (_options.Protocol == GroupProtocol.Auto) return Classic();
                throw new KafkaException(ErrorCode.UnsupportedVersion, "the coordinator does not have the consumer protocol; ask for GroupProtocol.Auto or Classic", $"group '{_group}'") { IsFatal = true };
            }
            catch (KafkaException failure) when (failure.IsTransient)
            {
                Unreachable(_log, _group, failure.Message, null);
            }

            await WaitAsync(_core.BackOff.After(failures)).ConfigureAwait(false);
        }

        return null;
    }

    private async Task<ShareMember> ShareAsync() => await _requests.AskWhetherItSharesAsync(_closing.Token).ConfigureAwait(false)
        ? new ShareMember(_group, NewId().ToString(), _options, _subscription, BackOff)
        : throw ShareMember.NoSharing("the coordinator has no share groups", _group);

    private ClassicMember Classic() => new(_group, _options, _subscription, BackOff, _core.Options.MetadataAge);

    private ConsumerMember Consumer(bool hasPatterns) => new(_group, NewId().ToString(), _options, _subscription, BackOff, _core.Options.MetadataAge, matchesHere: !hasPatterns);

    private long BackOff(int failures) => (long)_core.BackOff.After(failures).TotalMilliseconds;

    private Uuid NewId()
    {
        return new Uuid(Draw(), Draw());

        ulong Draw() => (ulong)_core.BackOff.Choose(int.MaxValue) << 33 ^ (ulong)_core.BackOff.Choose(int.MaxValue) << 8 ^ (ulong)_core.BackOff.Choose(int.MaxValue) & 0xff;
    }

    /// <returns>The member that takes its place, or null where it has left.</returns>
    private async Task<GroupMember?> KeepAsync(GroupMember member)
    {
        _member = member;
        Task<(IMessage? Answer, KafkaException? Failure)>? request = null;
        Task? told = null;
        CancellationTokenSource? asking = null;
        CancellationTokenSource? telling = null;
        var wake = _wake.WaitAsync(_closing.Token);
        while (true)
        {
            var now = Now;
            Steer(member, now);
            // Before anybody is told of what came with it, and commits.
            _identity = member.Identity;
            if (told is null && member.TakeNotice() is { } notice)
            {
                telling = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
                told = TellAsync(notice, now, telling);
            }

            Watch(member.IsJoining || told is not null, now);
            WatchEmpty(!member.IsJoining && told is null && _identity is not null && _held.IsEmpty, now);
            if (member.HasLost && telling is not null) await telling.CancelAsync().ConfigureAwait(false);
            if (member.AbandonsRequest && asking is not null)
            {
                await asking.CancelAsync().ConfigureAwait(false);
                // The broker may not answer for a long time, and what came behind it would wait.
                await _core.Pool.CloseAsync(_owner).ConfigureAwait(false);
            }

            if ((request is null || member.AbandonsRequest) && member.TakeRequest(now) is { } next)
            {
                asking = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
                request = SendAsync(next, asking);
            }

            if (member.IsOver && told is null) return After(member);
            await AnyAsync(request, told, wake, member.NextAt(now), now).ConfigureAwait(false);
            _closing.Token.ThrowIfCancellationRequested();
            now = Now;
            if (wake.IsCompleted) wake = _wake.WaitAsync(_closing.Token);
            if (told is { IsCompleted: true })
            {
                telling?.Dispose();
                (told, telling) = (null, null);
                member.Told(now);
            }

            if (request is { IsCompleted: true })
            {
                var (answer, failure) = await request.ConfigureAwait(false);
                asking?.Dispose();
                (request, asking) = (null, null);
                if (answer is not null) member.Answered(answer, now);
                else if (failure is not null) member.Failed(failure, now);
            }
        }
    }

    /// <summary>A rebalance lasts from the first sign of another assignment until the member has it.</summary>
    private void Watch(bool changes, long now)
    {
        if (changes && _changingSince < 0) _changingSince = now;
        if (changes || _changingSince < 0) return;
        if (!_leaves) _core.Figures.Consuming.Rebalanced(_group, TimeSpan.FromMilliseconds(now - _changingSince));
        _changingSince = -1;
    }

    private void WatchEmpty(bool isEmpty, long now)
    {
        if (isEmpty == Interlocked.Read(ref _emptySince) >= 0) return;
        Interlocked.Exchange(ref _emptySince, isEmpty ? now : -1);
        if (isEmpty) HoldsNothing();
    }

    private void Steer(GroupMember member, long now)
    {
        if (_leaves || _hookFailure is not null) member.Leave(now);
        _progress.Look(now, _advance());
        if (_progress.IsLate) member.Suspend(now);
        else member.Resume(now);
        if (!_hastens) return;
        _hastens = false;
        member.Hasten();
    }

    /// <summary>A coordinator that offers the consumer protocol may have it switched off, and a group may be one of the classic protocol that cannot change.</summary>
    private ClassicMember? After(GroupMember member)
    {
        if (member.Failure is { } failure)
        {
            var isClassic = failure.Code is ErrorCode.UnsupportedVersion or ErrorCode.GroupIdNotFound;
            if (isClassic && member is ConsumerMember { HasBeenIn: false } && _options.Protocol == GroupProtocol.Auto && !_leaves) return Classic();
            throw failure;
        }

        return _hookFailure is null ? null : throw _hookFailure;
    }

    private async Task AnyAsync(Task? request, Task? told, Task wake, long nextAt, long now)
    {
        var due = Math.Min(nextAt, _progress.DueAt(now));
        using var over = new CancellationTokenSource();
        var waited = new List<Task>(4) { wake };
        if (request is not null) waited.Add(request);
        if (told is not null) waited.Add(told);
        if (due != long.MaxValue) waited.Add(Task.Delay(TimeSpan.FromMilliseconds(Math.Max(due - now, 1)), _core.Options.Clock, over.Token));
        await Task.WhenAny(waited).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
    }

    private async Task WaitAsync(TimeSpan pause)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        await Task.WhenAny(_wake.WaitAsync(over.Token), Task.Delay(pause, _core.Options.Clock, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        _closing.Token.ThrowIfCancellationRequested();
    }

    private async Task<(IMessage? Answer, KafkaException? Failure)> SendAsync(IMessage request, CancellationTokenSource asking)
    {
        try
        {
            return (await _requests.SendAsync(request, asking.Token).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException) when (asking.IsCancellationRequested)
        {
            return (null, null);
        }
        catch (KafkaException failure)
        {
            return (null, failure);
        }
    }

    /// <summary>Ends when the consumer is done, or when it is waited for no longer; it never fails.</summary>
    private async Task TellAsync(Notice notice, long now, CancellationTokenSource over)
    {
        using var deadline = new CancellationTokenSource(notice.Deadline == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(0, notice.Deadline - now)), _core.Options.Clock);
        using var late = deadline.Token.Register(over.Cancel);
        Told(_log, _group, notice.Kind, notice.Partitions, null);
        try
        {
            if (notice.Kind == NoticeKind.Assign) _held.Gain(notice.Partitions);
            if (notice.Kind == NoticeKind.Lose) _held.Drop(notice.Partitions);
            await CallAsync(notice, over.Token).WaitAsync(over.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            Cut(_log, _group, notice.Kind, notice.Partitions, null);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // A consumer that cannot do what it must is none: what it holds goes to others, and it is told why.
            _hookFailure ??= failure as KafkaException
                ?? new KafkaException(ErrorCode.UnknownServerError, $"{notice.Kind} failed: {failure.Message}", $"group '{_group}'", failure) { IsFatal = true };
        }
        finally
        {
            if (notice.Kind == NoticeKind.Revoke) _held.Drop(notice.Partitions);
        }
    }

    // Not on this loop: an application's code may take its time before it first waits for something.
    private Task CallAsync(Notice notice, CancellationToken cancellation) => Task.Run(
        () => notice.Kind switch
        {
            NoticeKind.Assign => _hooks.AssignAsync(notice.Partitions, cancellation),
            NoticeKind.Revoke => _hooks.RevokeAsync(notice.Partitions, cancellation),
            _ => _hooks.LoseAsync(notice.Partitions),
        },
        CancellationToken.None);

    private static readonly Action<ILogger, string, NoticeKind, IReadOnlyList<TopicPartition>, Exception?> Told = LoggerMessage.Define<string, NoticeKind, IReadOnlyList<TopicPartition>>(
        LogLevel.Information, new EventId(2200), "group {Group}: {Change} {Partitions}");

    private static readonly Action<ILogger, string, NoticeKind, IReadOnlyList<TopicPartition>, Exception?> Cut = LoggerMessage.Define<string, NoticeKind, IReadOnlyList<TopicPartition>>(
        LogLevel.Warning, new EventId(2201), "group {Group}: {Change} was not over in time for {Partitions}; the group goes on without it");

    private static readonly Action<ILogger, string, string, Exception?> Unreachable = LoggerMessage.Define<string, string>(
        LogLevel.Warning, new EventId(2202), "group {Group} has no coordinator now: {Reason}");

    private static readonly Action<ILogger, string, Exception?> Late = LoggerMessage.Define<string>(
        LogLevel.Warning, new EventId(2203), "group {Group}: the member did not get out in time; the group notices when its session ends");
}
