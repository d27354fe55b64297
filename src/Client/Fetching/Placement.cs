using Moldau.Client.Admin;
using Moldau.Client.Connections;
using Moldau.Client.Consuming;

namespace Moldau.Client.Fetching;

/// <summary>Finds out where partitions are to be begun, and where they end. Each is asked for once; those that fail are asked for again by who calls.</summary>
internal sealed class Placement(ClientCore core, ConsumerOptions options, FetchPlan plan, Func<CommittedOffsets?> committed)
{
    /// <summary>It throws nothing but that it was cancelled.</summary>
    public async Task RunAsync(List<(PartitionState State, long Fence)> partitions, CancellationToken cancellation)
    {
        var starts = await StartsAsync(partitions, cancellation).ConfigureAwait(false);
        var (first, end, time) = (new Dictionary<TopicPartition, OffsetQuery>(), new Dictionary<TopicPartition, OffsetQuery>(), new Dictionary<TopicPartition, OffsetQuery>());
        foreach (var (state, _, start) in starts)
        {
            var (where, what) = (state.Where, start.What);
            if (what is StartPosition.Kind.Beginning or StartPosition.Kind.Tail) first[where] = OffsetQuery.Earliest;
            if (what is StartPosition.Kind.End or StartPosition.Kind.Tail or StartPosition.Kind.Time || plan.StartOf(state).NeedsEnd) end[where] = OffsetQuery.Latest;
            if (what is StartPosition.Kind.Time) time[where] = new OffsetQuery(start.Number);
        }

        var firsts = await AskAsync(first, cancellation).ConfigureAwait(false);
        var times = await AskAsync(time, cancellation).ConfigureAwait(false);
        var ends = await AskAsync(end, cancellation).ConfigureAwait(false);
        foreach (var (state, fence, start) in starts)
        {
            if (ErrorOf(state.Where, firsts, times, ends) is { } failure)
            {
                plan.Failed(state, fence, failure);
                continue;
            }

            var last = OffsetOf(ends, state.Where);
            var at = PositionRules.Place(start, OffsetOf(firsts, state.Where), last, OffsetOf(times, state.Where));
            plan.Placed(state, fence, new OffsetPosition(at, start.LeaderEpoch), last < 0 ? long.MaxValue : last);
        }
    }

    private static long OffsetOf(Dictionary<TopicPartition, Outcome<FoundOffset>> found, TopicPartition where) =>
        found.TryGetValue(where, out var outcome) ? outcome.Value.Offset : -1;

    private static KafkaException? ErrorOf(TopicPartition where, params Dictionary<TopicPartition, Outcome<FoundOffset>>[] answers)
    {
        foreach (var answer in answers)
        {
            if (answer.TryGetValue(where, out var outcome) && outcome.Error is { } error) return error;
        }

        return null;
    }

    /// <summary>What was committed takes its place, and what was not begins as the reset says.</summary>
    private async Task<List<(PartitionState State, long Fence, StartPosition Start)>> StartsAsync(List<(PartitionState State, long Fence)> partitions, CancellationToken cancellation)
    {
        var known = await CommittedAsync(partitions, cancellation).ConfigureAwait(false);
        var starts = new List<(PartitionState, long, StartPosition)>();
        foreach (var (state, fence) in partitions)
        {
            var start = plan.StartOf(state).Start;
            if (known.Failure is { } failure && start.What == StartPosition.Kind.Committed)
            {
                plan.Failed(state, fence, failure);
                continue;
            }

            if (start.What == StartPosition.Kind.Committed && known.Offsets.TryGetValue(state.Where, out var position) && position.Offset >= 0) start = StartPosition.At(position);
            if (start.What is StartPosition.Kind.Committed or StartPosition.Kind.Reset)
            {
                if (PositionRules.From(options.Reset, core.Options.Clock.GetUtcNow()) is not { } reset)
                {
                    plan.Failed(state, fence, new NoPositionException(state.Where) { IsTransient = false });
                    continue;
                }

                start = reset;
            }

            starts.Add((state, fence, start));
        }

        return starts;
    }

    private async Task<(IReadOnlyDictionary<TopicPartition, OffsetPosition> Offsets, KafkaException? Failure)> CommittedAsync(
        List<(PartitionState State, long Fence)> partitions, CancellationToken cancellation)
    {
        var wanted = new List<TopicPartition>();
        foreach (var (state, _) in partitions)
        {
            if (plan.StartOf(state).Start.What == StartPosition.Kind.Committed) wanted.Add(state.Where);
        }

        if (wanted.Count == 0 || committed() is not { } ask) return (new Dictionary<TopicPartition, OffsetPosition>(), null);
        try
        {
            return (await ask(wanted, cancellation).ConfigureAwait(false), null);
        }
        catch (KafkaException failure)
        {
            return (new Dictionary<TopicPartition, OffsetPosition>(), failure);
        }
    }

    private async Task<Dictionary<TopicPartition, Outcome<FoundOffset>>> AskAsync(Dictionary<TopicPartition, OffsetQuery> queries, CancellationToken cancellation)
    {
        var found = new Dictionary<TopicPartition, Outcome<FoundOffset>>();
        if (queries.Count == 0) return found;
        var lookup = new OffsetLookup(queries, options.ReadCommitted, core.Options.RequestTimeout);
        foreach (var (where, outcome) in await core.Leaders.OnceAsync<FoundOffset>(queries.Keys, lookup.AskAsync, cancellation).ConfigureAwait(false)) found[where] = outcome;
        return found;
    }
}
