namespace Moldau.Client.Fetching;

/// <summary>The side of the group: what is given away, and what is done.</summary>
internal sealed partial class Subscription
{
    /// <summary>Nothing more of these is given out; what is under way may still be done.</summary>
    public void Leave(IReadOnlyCollection<TopicPartition> partitions)
    {
        lock (_gate)
        {
            foreach (var where in partitions)
            {
                if (_states.TryGetValue(where, out var state)) state.IsLeaving = state.IsHeld = true;
            }
        }
    }

    /// <summary>Whether nothing of these is under way.</summary>
    public bool IsIdle(IReadOnlyCollection<TopicPartition> partitions)
    {
        lock (_gate)
        {
            foreach (var where in partitions)
            {
                if (_states.TryGetValue(where, out var state) && state.Given is { IsIdle: false }) return false;
            }

            return true;
        }
    }

    /// <summary>What is done and was not committed.</summary>
    /// <param name="partitions">Of these; null for all.</param>
    public Dictionary<TopicPartition, OffsetPosition> Committable(IReadOnlyCollection<TopicPartition>? partitions)
    {
        lock (_gate)
        {
            var offsets = new Dictionary<TopicPartition, OffsetPosition>();
            foreach (var where in partitions ?? _states.Keys)
            {
                if (!_states.TryGetValue(where, out var state) || state.Given is not { } given) continue;
                var position = given.Position;
                // Of the batch that is being read one by one, those before the one in the reader's hands are done.
                if (state.Open is { Seen: > 1 } open && ReferenceEquals(open.Given, given) && open.First == position.Offset) position = new OffsetPosition(open.OffsetOf(open.Seen - 1), open.LeaderEpoch);
                // Where nothing is done nothing is committed.
                if (position != state.Committed && position.Offset > given.Start) offsets[where] = position;
            }

            return offsets;
        }
    }

    /// <summary>These were committed.</summary>
    public void Committed(IReadOnlyDictionary<TopicPartition, OffsetPosition> offsets)
    {
        lock (_gate)
        {
            foreach (var (where, position) in offsets)
            {
                if (_states.TryGetValue(where, out var state)) state.Committed = position;
            }
        }
    }
}
