using Moldau.Client.Consuming;

namespace Moldau.Client.Fetching;

/// <summary>The side of who hands records on one by one, and has them done in any order.</summary>
internal sealed partial class Subscription
{
    /// <summary>Holds what is given out of a partition back, besides what its user does with it.</summary>
    public void Hold(TopicPartition where, bool isBusy)
    {
        lock (table.Gate)
        {
            if (!table.States.TryGetValue(where, out var state)) return;
            state.IsBusy = isBusy;
            state.IsHeld = state.IsPaused || state.IsLeaving || isBusy;
        }

        table.Changed();
        if (!isBusy) table.Ready.Ring();
    }

    /// <summary>Counts each record of the batch that was given out last by itself: they are done in any order.</summary>
    public void Spread(FetchedBatch batch)
    {
        lock (table.Gate)
        {
            if (batch.Given is not { } given || batch.Count < 2) return;
            given.Cut(batch.First, batch.First, batch.OffsetOf(1), out _);
            for (var i = 1; i < batch.Count; i++) given.Add(batch.OffsetOf(i), batch.OffsetOf(i + 1), batch.LeaderEpoch);
        }
    }

    /// <summary>Whether what is read of a batch is still this consumer's, and will be for a while.</summary>
    public bool IsKept(FetchedBatch batch)
    {
        lock (table.Gate) return ReferenceEquals(batch.State.Given, batch.Given) && !batch.State.IsLeaving;
    }

    /// <summary>Whatever was given out and not done comes again, and with it what is behind it.</summary>
    public void Rewind()
    {
        lock (table.Gate)
        {
            foreach (var state in table.States.Values)
            {
                if (state.Given is { } given && !state.IsLeaving && given.Position.Offset < state.Position.Offset) table.Begin(state, StartPosition.Offset(given.Position.Offset));
            }
        }

        table.Changed();
    }

    /// <summary>What was given out there will not be done: nobody waits for it.</summary>
    public void Abandon(Watermark given, long first)
    {
        lock (table.Gate) given.Abandon(first);
        Done();
    }
}
