using Moldau.Client;
using Moldau.Client.Connections;
using Moldau.Client.Groups;

namespace Moldau.Unit.Client.Groups;

/// <summary>A consumer that reads nothing: it notes what its membership tells it.</summary>
internal sealed class Reader : IAsyncDisposable
{
    private readonly ClientCore _core;
    private readonly Lock _gate = new();
    private readonly HashSet<TopicPartition> _has = [];
    private readonly List<string> _heard = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Reader(string bootstrap, string group, GroupOptions options, params string[] topics)
        : this(bootstrap, group, options, GroupSubscription.Of(topics))
    {
    }

    public Reader(string bootstrap, string group, GroupOptions options, GroupSubscription subscription)
    {
        _core = new ClientCore(new KafkaClientOptions { Bootstrap = bootstrap, MetadataAge = TimeSpan.FromSeconds(1) });
        Membership = new GroupMembership(_core, group, options, subscription, new GroupHooks(
            (partitions, _) => Note("+", partitions, null, () => _has.UnionWith(partitions)),
            (partitions, token) => Note("-", partitions, OnRevoke?.Invoke(token), () => _has.ExceptWith(partitions)),
            partitions => Note("!", partitions, null, () => _has.ExceptWith(partitions))), () => Progress);
        Membership.Start();
    }

    public GroupMembership Membership { get; }

    /// <summary>Null: it has nothing to do.</summary>
    public long? Progress { get; set; }

    public Func<CancellationToken, Task>? OnRevoke { get; set; }

    public List<TopicPartition> Has
    {
        get
        {
            lock (_gate) return PartitionOrder.Sorted(_has);
        }
    }

    public List<string> Heard
    {
        get
        {
            lock (_gate) return [.. _heard];
        }
    }

    public ClientCore Core => _core;

    /// <summary>Until all of them together satisfy a condition.</summary>
    public static async Task UntilAsync(Func<bool> condition, params Reader[] readers)
    {
        while (true)
        {
            var changes = readers.Select(static reader => reader.NextChange()).ToArray();
            if (condition()) return;
            foreach (var reader in readers)
            {
                if (reader.Membership.Completion.IsFaulted) await reader.Membership.Completion;
            }

            await Task.WhenAny([.. changes, .. readers.Select(static reader => reader.Membership.Completion)]).WaitAsync(Xunit.TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Membership.DisposeAsync();
        await _core.DisposeAsync();
    }

    private Task NextChange()
    {
        lock (_gate) return _changed.Task;
    }

    private async Task Note(string sign, IReadOnlyList<TopicPartition> partitions, Task? first, Action change)
    {
        if (first is not null) await first;
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            _heard.Add($"{sign}{string.Join(",", partitions)}");
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }
}
