using Moldau.Client.Connections;
using Moldau.Client.Consuming;
using Moldau.Client.Metadata;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Fetching;

/// <summary>
/// What is read, and how far it is. The one place where those who fetch, those who read, the group and the user's calls meet:
/// it has one lock, and nothing is awaited in it.
/// </summary>
internal sealed partial class Subscription(ConsumerOptions options, KafkaClientOptions client, BackOff backOff)
{
    // How much of one partition may wait, in answers of its full size.
    private const int AnswersAhead = 2;

    private readonly Lock _gate = new();
    private readonly Dictionary<TopicPartition, PartitionState> _states = [];
    private readonly WaitingParts _waiting = new();
    private long _lastFence;
    private bool _isTelling;

    /// <summary>Rung when there may be something to give out or to tell.</summary>
    public Bell Ready { get; } = new(client.Clock);

    /// <summary>Told when there may be something to ask for.</summary>
    public Action Changed { get; set; } = static () => { };

    /// <summary>Told when something is known to lead elsewhere than was believed.</summary>
    public Action Stale { get; set; } = static () => { };

    /// <summary>Told when something is done.</summary>
    public Action Done { get; set; } = static () => { };

    /// <summary>How many brokers share the bytes that may wait.</summary>
    public int Lanes { get; set; } = 1;

    public List<TopicPartition> Partitions()
    {
        lock (_gate) return [.. _states.Keys];
    }

    /// <summary>Whether everything that was to be read up to its end was given out.</summary>
    public bool IsFinished
    {
        get
        {
            lock (_gate)
            {
                foreach (var state in _states.Values)
                {
                    if (state.Phase != PartitionPhase.AtEnd || state.WaitingBytes > 0 || state.Failure is not null) return false;
                }

                return options.StopAtEnd;
            }
        }
    }

    /// <summary>Begins with partitions; those that it has already begin anew.</summary>
    public void Add(IEnumerable<KeyValuePair<TopicPartition, StartPosition>> partitions)
    {
        lock (_gate)
        {
            foreach (var (where, start) in partitions)
            {
                if (!_states.TryGetValue(where, out var state))
                {
                    _states[where] = state = new PartitionState(where);
                    if (options.StopAtEnd) state.End = -1;
                }

                Begin(state, start);
            }
        }

        Changed();
    }

    /// <summary>Ends with partitions: nothing of them is given out any more.</summary>
    public void Remove(IEnumerable<TopicPartition> partitions)
    {
        lock (_gate)
        {
            foreach (var where in partitions)
            {
                if (!_states.Remove(where, out var state)) continue;
                Move(state);
                state.Given = null;
            }
        }

        Changed();
        Ready.Ring();
    }

    /// <summary>Goes on elsewhere; nothing of the old place is given out from now on.</summary>
    /// <exception cref="InvalidOperationException">It is not read.</exception>
    public void Seek(TopicPartition where, StartPosition start)
    {
        lock (_gate)
        {
            var state = Find(where);
            Begin(state, start);
        }

        Changed();
        Ready.Ring();
    }

    public void Pause(IEnumerable<TopicPartition> partitions, bool isPaused)
    {
        lock (_gate)
        {
            foreach (var where in partitions)
            {
                var state = Find(where);
                state.IsPaused = isPaused;
                state.IsHeld = state.IsPaused || state.IsLeaving;
            }
        }

        Changed();
        Ready.Ring();
    }

    /// <summary>Where reading is: the offset that is given out next. Null while that is being found out.</summary>
    public long? PositionOf(TopicPartition where)
    {
        lock (_gate)
        {
            var state = Find(where);
            if (state.Given is null) return state.Start.What == StartPosition.Kind.Offset ? state.Start.Number : null;
            return state.Open is { } open && ReferenceEquals(open.Given, state.Given) ? open.OffsetOf(open.Seen) : state.Position.Offset;
        }
    }

    /// <summary>What was fetched next and may be read; null where there is nothing.</summary>
    public FetchedPart? Take()
    {
        FetchedPart? part;
        lock (_gate) part = _waiting.Take();
        if (part is not null) Changed();
        return part;
    }

    /// <summary>What its reader is to be told; it is then tried again, should he go on.</summary>
    public KafkaException? TakeFailure()
    {
        if (!Volatile.Read(ref _isTelling)) return null;
        lock (_gate)
        {
            _isTelling = false;
            KafkaException? found = null;
            foreach (var state in _states.Values)
            {
                if (state.Failure is not { } failure) continue;
                // One exception tells of a cluster that is away, not one for each partition.
                if (found is not null && !(failure.IsTransient && failure.Code == found.Code))
                {
                    _isTelling = true;
                    continue;
                }

                found ??= failure;
                state.Failure = null;
                state.RetryAt = Later(backOff.After(1));
            }

            if (found is not null) Changed();
            return found;
        }
    }

    /// <summary>Whether a part may be read on; where it only has to wait, it is put back.</summary>
    public bool KeepsReading(FetchedPart part)
    {
        lock (_gate)
        {
            if (part.State.Fence != part.Fence)
            {
                part.Frame.Release();
                return false;
            }

            if (!part.State.IsHeld && part.State.Phase is PartitionPhase.Reading or PartitionPhase.AtEnd) return true;
            _waiting.PutBack(part);
            return false;
        }
    }

    public long EndOf(PartitionState state)
    {
        lock (_gate) return state.End < 0 ? long.MaxValue : state.End;
    }

    /// <summary>Counts a batch as given out.</summary>
    /// <returns>False where it is not to be: somebody was faster.</returns>
    public bool Deliver(FetchedPart part, FetchedBatch batch, bool inOrder)
    {
        lock (_gate)
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
        lock (_gate)
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
        lock (_gate)
        {
            if (part.State.Fence == part.Fence) FetchAgain(part.State);
        }

        part.Frame.Release();
        Changed();
    }

    /// <summary>A batch is done.</summary>
    public void Complete(Watermark given, long first)
    {
        lock (_gate) given.Complete(first);
        Done();
    }

    /// <summary>
    /// A batch is left before its end: what of it was not given out comes again. Of what was, a part may not be done.
    /// </summary>
    /// <returns>Where what is not done begins; -1 where all is.</returns>
    public long Leave(FetchedBatch batch, int done)
    {
        lock (_gate)
        {
            var state = batch.State;
            if (batch.Given is not { } given || !ReferenceEquals(state.Given, given)) return -1;
            // Without a record given there is nothing to be done either.
            var next = batch.Seen == 0 ? batch.First : batch.Seen == batch.Count ? batch.Next : batch.OffsetOf(batch.Seen);
            var isUndone = given.Cut(batch.First, done == 0 ? batch.First : done == batch.Count ? batch.Next : batch.OffsetOf(done), next, out var unfinished);
            if (next < batch.Next)
            {
                state.Position = new OffsetPosition(next, batch.LeaderEpoch);
                FetchAgain(state);
            }

            if (ReferenceEquals(state.Open, batch)) state.Open = null;
            return isUndone ? unfinished : -1;
        }
    }

    /// <summary>A batch is read to its end, and counted by itself from now on.</summary>
    public void Close(FetchedBatch batch)
    {
        lock (_gate)
        {
            if (ReferenceEquals(batch.State.Open, batch)) batch.State.Open = null;
        }
    }

    private PartitionState Find(TopicPartition where) =>
        _states.GetValueOrDefault(where) ?? throw new InvalidOperationException($"{where} is not read by this consumer; assign it first");

    private void Begin(PartitionState state, StartPosition start)
    {
        Move(state);
        (state.Phase, state.Start, state.Given, state.Failure) = (PartitionPhase.Placing, start, null, null);
        (state.Failures, state.RetryAt, state.Committed) = (0, 0, new OffsetPosition(-1));
        if (state.End >= 0 && options.StopAtEnd) return;
        state.End = options.StopAtEnd ? -1 : long.MaxValue;
    }

    /// <summary>What was fetched or asked is for another place from now on.</summary>
    private void Move(PartitionState state)
    {
        state.Fence = ++_lastFence;
        (state.IsAsking, state.IsBlocked) = (false, false);
        _waiting.Drop(state);
    }

    /// <summary>What is ahead of what was given out is asked for again.</summary>
    private void FetchAgain(PartitionState state)
    {
        Move(state);
        state.Ahead = state.Position;
        if (state.Phase == PartitionPhase.AtEnd && state.Ahead.Offset < state.End) state.Phase = PartitionPhase.Reading;
        Changed();
    }

    private void Tell(PartitionState state, KafkaException failure)
    {
        state.Failure = failure;
        Volatile.Write(ref _isTelling, true);
        Ready.Ring();
    }

    private long Later(TimeSpan pause) => client.Clock.GetTimestamp() + (long)(pause.TotalSeconds * client.Clock.TimestampFrequency);

    private TimeSpan Until(long timestamp) => TimeSpan.FromSeconds((timestamp - client.Clock.GetTimestamp()) / (double)client.Clock.TimestampFrequency);
}
