using Moldau.Client.Consuming;

namespace Moldau.Client.Fetching;

/// <summary>What is read, and how far it is: the side of who reads, of the group, and of the user's calls.</summary>
internal sealed partial class Subscription(PartitionTable table)
{
    /// <summary>Rung when there may be something to give out or to tell.</summary>
    public Bell Ready => table.Ready;

    /// <summary>Told when something is done.</summary>
    public Action Done { get; set; } = static () => { };

    public List<TopicPartition> Partitions()
    {
        lock (table.Gate) return [.. table.States.Keys];
    }

    /// <summary>Whether everything that was to be read up to its end was given out.</summary>
    public bool IsFinished
    {
        get
        {
            lock (table.Gate)
            {
                foreach (var state in table.States.Values)
                {
                    if (state.Phase != PartitionPhase.AtEnd || state.WaitingBytes > 0 || state.Failure is not null) return false;
                }

                return table.Options.StopAtEnd;
            }
        }
    }

    public bool HasAny
    {
        get
        {
            lock (table.Gate) return table.States.Count > 0;
        }
    }

    /// <summary>Begins with partitions; those that it has already begin anew.</summary>
    /// <param name="partitions">Where each is begun.</param>
    /// <param name="isBusy">Whether nothing of them is given out until <see cref="Hold"/> says so.</param>
    public void Add(IEnumerable<KeyValuePair<TopicPartition, StartPosition>> partitions, bool isBusy = false)
    {
        lock (table.Gate)
        {
            foreach (var (where, start) in partitions)
            {
                if (!table.States.TryGetValue(where, out var state))
                {
                    table.States[where] = state = new PartitionState(where);
                    if (table.Options.StopAtEnd) state.End = -1;
                    state.IsBusy = state.IsHeld = isBusy;
                }

                table.Begin(state, start);
            }
        }

        table.Changed();
    }

    /// <summary>Ends with partitions: nothing of them is given out any more.</summary>
    public void Remove(IEnumerable<TopicPartition> partitions)
    {
        lock (table.Gate)
        {
            foreach (var where in partitions)
            {
                if (!table.States.Remove(where, out var state)) continue;
                table.Move(state);
                state.Given = null;
            }
        }

        table.Changed();
        table.Ready.Ring();
    }

    /// <summary>Goes on elsewhere; nothing of the old place is given out from now on.</summary>
    /// <exception cref="InvalidOperationException">It is not read.</exception>
    public void Seek(TopicPartition where, StartPosition start)
    {
        lock (table.Gate)
        {
            var state = table.Find(where);
            table.Begin(state, start);
        }

        table.Changed();
        table.Ready.Ring();
    }

    public void Pause(IEnumerable<TopicPartition> partitions, bool isPaused)
    {
        lock (table.Gate)
        {
            foreach (var where in partitions)
            {
                var state = table.Find(where);
                state.IsPaused = isPaused;
                state.IsHeld = state.IsPaused || state.IsLeaving || state.IsBusy;
            }
        }

        table.Changed();
        table.Ready.Ring();
    }

    /// <summary>Where reading is: the offset that is given out next. Null while that is being found out.</summary>
    public long? PositionOf(TopicPartition where)
    {
        lock (table.Gate)
        {
            var state = table.Find(where);
            if (state.Given is null) return state.Start.What == StartPosition.Kind.Offset ? state.Start.Number : null;
            return NextOf(state);
        }
    }

    /// <summary>How far what is given out next is from the end, where an answer has told that.</summary>
    public List<(TopicPartition Where, long Lag)> Lags()
    {
        lock (table.Gate)
        {
            List<(TopicPartition, long)> lags = [];
            foreach (var state in table.States.Values)
            {
                if (state.Given is not null && state.LastEnd >= 0) lags.Add((state.Where, Math.Max(0, state.LastEnd - NextOf(state))));
            }

            return lags;
        }
    }

    /// <summary>What was fetched next and may be read; null where there is nothing.</summary>
    public FetchedPart? Take()
    {
        FetchedPart? part;
        lock (table.Gate) part = table.Waiting.Take();
        if (part is not null) table.Room();
        return part;
    }

    /// <summary>What its reader is to be told; it is then tried again, should he go on.</summary>
    public KafkaException? TakeFailure()
    {
        if (!table.IsTelling) return null;
        lock (table.Gate)
        {
            table.IsTelling = false;
            KafkaException? found = null;
            foreach (var state in table.States.Values)
            {
                if (state.Failure is not { } failure) continue;
                // One exception tells of a cluster that is away, not one for each partition.
                if (found is not null && !(failure.IsTransient && failure.Code == found.Code))
                {
                    table.IsTelling = true;
                    continue;
                }

                found ??= failure;
                state.Failure = null;
                state.RetryAt = table.Later(table.BackOff.After(1));
            }

            if (found is not null) table.Changed();
            return found;
        }
    }

    /// <summary>Whether a part may be read on; where it only has to wait, it is put back.</summary>
    public bool KeepsReading(FetchedPart part)
    {
        lock (table.Gate)
        {
            if (part.State.Fence != part.Fence)
            {
                part.Frame.Release();
                return false;
            }

            if (!part.State.IsHeld && part.State.Phase is PartitionPhase.Reading or PartitionPhase.AtEnd) return true;
            table.Waiting.PutBack(part);
            return false;
        }
    }

    public long EndOf(PartitionState state)
    {
        lock (table.Gate) return state.End < 0 ? long.MaxValue : state.End;
    }

    /// <summary>Counts a batch as given out.</summary>
    /// <returns>False where it is not to be: somebody was faster.</returns>
    public bool Deliver(FetchedPart part, FetchedBatch batch, bool inOrder)
    {
        lock (table.Gate)
        {
            var state = part.State;
            if (state.Fence != part.Fence || state.IsHeld || state.Given is not { } given) return false;
            given.Add(batch.First, batch.Next, batch.LeaderEpoch);
            batch.Given = given;
            state.Position = new OffsetPosition(batch.Next, batch.LeaderEpoch);
            if (inOrder) state.Open = batch;
            return true;
        }
    }

    /// <summary>A part was read to its end; what it had behind its last record is nothing anybody is shown.</summary>
    public void Passed(FetchedPart part, OffsetPosition passed)
    {
        lock (table.Gate)
        {
            if (part.State.Fence == part.Fence && passed.Offset > part.State.Position.Offset)
            {
                part.State.Position = passed;
                part.State.Given?.Skip(passed.Offset, passed.LeaderEpoch);
            }
        }

        part.Frame.Release();
    }

    /// <summary>A part cannot be read on: what follows is asked for again.</summary>
    public void Drop(FetchedPart part)
    {
        lock (table.Gate)
        {
            if (part.State.Fence == part.Fence) table.FetchAgain(part.State);
        }

        part.Frame.Release();
        table.Changed();
    }

    /// <summary>A batch is done.</summary>
    public void Complete(Watermark given, long first)
    {
        lock (table.Gate) given.Complete(first);
        Done();
    }

    /// <summary>
    /// A batch is left before its end: what of it was not given out comes again. Of what was, a part may not be done.
    /// </summary>
    /// <returns>Where what is not done begins; -1 where all is.</returns>
    public long Leave(FetchedBatch batch, int done)
    {
        var unfinished = Cut(batch, done);
        Done();
        return unfinished;
    }

    private long Cut(FetchedBatch batch, int done)
    {
        lock (table.Gate)
        {
            var state = batch.State;
            if (batch.Given is not { } given || !ReferenceEquals(state.Given, given)) return -1;
            // Without a record given there is nothing to be done either.
            var next = batch.Seen == 0 ? batch.First : batch.Seen == batch.Count ? batch.Next : batch.OffsetOf(batch.Seen);
            var isUndone = given.Cut(batch.First, done == 0 ? batch.First : done == batch.Count ? batch.Next : batch.OffsetOf(done), next, out var unfinished);
            if (next < batch.Next)
            {
                state.Position = new OffsetPosition(next, batch.LeaderEpoch);
                table.FetchAgain(state);
            }

            if (ReferenceEquals(state.Open, batch)) state.Open = null;
            return isUndone ? unfinished : -1;
        }
    }

    /// <summary>A batch is read to its end, and counted by itself from now on.</summary>
    public void Close(FetchedBatch batch)
    {
        lock (table.Gate)
        {
            if (ReferenceEquals(batch.State.Open, batch)) batch.State.Open = null;
        }
    }

    /// <summary>Nothing more of these is given out; what is under way may still be done.</summary>
    public void Leave(IReadOnlyCollection<TopicPartition> partitions)
    {
        lock (table.Gate)
        {
            foreach (var where in partitions)
            {
                if (table.States.TryGetValue(where, out var state)) state.IsLeaving = state.IsHeld = true;
            }
        }
    }

    /// <summary>Whether nothing of these is under way.</summary>
    public bool IsIdle(IReadOnlyCollection<TopicPartition> partitions)
    {
        lock (table.Gate)
        {
            foreach (var where in partitions)
            {
                if (table.States.TryGetValue(where, out var state) && state.Given is { IsIdle: false }) return false;
            }

            return true;
        }
    }

    /// <summary>What is done and was not committed.</summary>
    /// <param name="partitions">Of these; null for all.</param>
    public Dictionary<TopicPartition, OffsetPosition> Committable(IReadOnlyCollection<TopicPartition>? partitions)
    {
        lock (table.Gate)
        {
            var offsets = new Dictionary<TopicPartition, OffsetPosition>();
            foreach (var where in partitions ?? table.States.Keys)
            {
                if (!table.States.TryGetValue(where, out var state) || state.Given is not { } given) continue;
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
        lock (table.Gate)
        {
            foreach (var (where, position) in offsets)
            {
                if (table.States.TryGetValue(where, out var state)) state.Committed = position;
            }
        }
    }

    private static long NextOf(PartitionState state) =>
        state.Open is { } open && ReferenceEquals(open.Given, state.Given) ? open.OffsetOf(open.Seen) : state.Position.Offset;
}
