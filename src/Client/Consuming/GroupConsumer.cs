using Moldau.Client.Connections;
using Moldau.Client.Groups;

namespace Moldau.Client.Consuming;

/// <summary>
/// Where a consumer and its group meet: what the membership tells goes to the engine and to the application, in this order where
/// something comes and in the other where it goes. One whose options name no topics is no member, and commits all the same.
/// </summary>
internal sealed class GroupConsumer : IAsyncDisposable
{
    private readonly ClientCore _core;
    private readonly ConsumerEngine _engine;
    private readonly GroupOptions _options;
    private readonly GroupMembership? _membership;
    private readonly GroupOffsets? _offsets;

    public GroupConsumer(ClientCore core, ConsumerEngine engine)
    {
        _core = core;
        _engine = engine;
        var group = engine.Options.GroupId!;
        _options = engine.Options.Group.Rack is null ? engine.Options.Group with { Rack = engine.Options.RackId } : engine.Options.Group;
        _options.Check(group);
        engine.Commit = async (offsets, cancellation) => Check(await CommitAsync(offsets, cancellation).ConfigureAwait(false));
        engine.Committed = async (partitions, cancellation) => await CommittedAsync(partitions, cancellation).ConfigureAwait(false);
        var (topics, pattern) = (engine.Options.Topics, engine.Options.Pattern);
        if (topics.Count == 0 && pattern is null)
        {
            _offsets = GroupOffsets.WithoutMember(core, group);
            return;
        }

        var subscription = pattern is null ? GroupSubscription.Of(topics) : GroupSubscription.Matching(pattern);
        _membership = new GroupMembership(core, group, _options, subscription, new GroupHooks(AssignAsync, RevokeAsync, LoseAsync), () => Progress());
        _membership.HoldsNothing = engine.Subscription.Ready.Ring;
        engine.StaysEmptyIn = () => _membership.StaysEmptyIn;
        engine.Join = Join;
        engine.Waits = _membership.Nudge;
        engine.Leaves = _membership.LeaveAsync;
    }

    /// <summary>What says that the consumer gets on; another one where a handler loop reads.</summary>
    public Func<long?>? Handling { get; set; }

    public bool IsMember => _membership is not null;

    public GroupIdentity? Current => _membership?.Current;

    /// <summary>Commits what is done, and says what became of it.</summary>
    public async Task<IReadOnlyDictionary<TopicPartition, Outcome<OffsetPosition>>> CommitAsync(CancellationToken cancellation)
    {
        var outcomes = new Dictionary<TopicPartition, Outcome<OffsetPosition>>();
        await _engine.CommitAsync(cancellation, async (offsets, token) => outcomes = await CommitAsync(offsets, token).ConfigureAwait(false)).ConfigureAwait(false);
        return outcomes;
    }

    /// <summary>The engine has told it to leave before.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_membership is not null) await _membership.DisposeAsync().ConfigureAwait(false);
    }

    private Task<Dictionary<TopicPartition, Outcome<OffsetPosition>>> CommitAsync(IReadOnlyDictionary<TopicPartition, OffsetPosition> offsets, CancellationToken cancellation) =>
        _membership?.CommitAsync(offsets, cancellation) ?? _offsets!.CommitAsync(offsets, cancellation);

    private Task<Dictionary<TopicPartition, OffsetPosition>> CommittedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellation) =>
        _membership?.CommittedAsync(partitions, _engine.Options.ReadCommitted, cancellation) ?? _offsets!.CommittedAsync(partitions, _engine.Options.ReadCommitted, cancellation);

    /// <summary>What is another's by now is told to nobody: he who has it reads it again.</summary>
    private static void Check(Dictionary<TopicPartition, Outcome<OffsetPosition>> outcomes)
    {
        foreach (var outcome in outcomes.Values)
        {
            if (outcome.Error is { } error && !GroupOffsets.IsStale(error.Code)) throw error;
        }
    }

    private long? Progress() => Handling is { } handling ? handling() : _engine.Progress;

    private void Join()
    {
        _membership!.Start();
        _ = TellAsync(_membership.Completion);
    }

    private async Task TellAsync(Task membership)
    {
        try
        {
            await membership.ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            _engine.Fail(failure);
        }
    }

    private async Task AssignAsync(IReadOnlyList<TopicPartition> gained, CancellationToken cancellation)
    {
        await _engine.AssignAsync(gained, isBusy: _options.OnAssigned is not null).ConfigureAwait(false);
        if (_options.OnAssigned is not { } told) return;
        await told(gained, cancellation).ConfigureAwait(false);
        foreach (var where in gained) _engine.Subscription.Hold(where, isBusy: false);
    }

    private async Task RevokeAsync(IReadOnlyList<TopicPartition> given, CancellationToken deadline)
    {
        using var time = new HandlersTime(_core.Options);
        time.Begin(_options.RebalanceTimeout * 0.8);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(deadline, time.Over, _engine.Closing.Over);
        using var left = CancellationTokenSource.CreateLinkedTokenSource(deadline, time.Left, _engine.Closing.Left);
        Func<Task>? before = _options.OnRevoking is { } told ? () => told(given, deadline).AsTask() : null;
        await _engine.RevokeAsync(given, before, over.Token, left.Token, deadline).ConfigureAwait(false);
    }

    private async Task LoseAsync(IReadOnlyList<TopicPartition> lost)
    {
        await _engine.LoseAsync(lost).ConfigureAwait(false);
        if (_options.OnLost is { } told) await told(lost).ConfigureAwait(false);
    }
}
