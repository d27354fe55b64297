using Moldau.Coordination.Deliveries;
using Moldau.Unit.Storage.Simulation;

namespace Moldau.Unit.Coordination.Deliveries;

/// <summary>
/// What share groups have beyond Kafka, all at once and in any order of events: keys in order, delays that grow, dead letters that
/// are copied, cannot be, or are when the leader goes; beside it an account of each record, kept in the simplest way there is.
/// </summary>
internal sealed class QueueSimulation
{
    private const int Limit = 3;
    private const int Lock = 100;
    private const int Delay = 40;
    private const int LongestDelay = 60;
    private const string Keys = "aaabbc....";
    private static readonly string[] s_members = ["a", "b", "c"];
    private readonly Random _chance;
    private readonly Happenings _seen;
    private readonly QueueBreak _broken;
    private readonly List<(ReadBatch Batch, string Keys)> _log = [];
    private readonly Dictionary<long, (string Member, long Deadline)> _held = [];
    private readonly Dictionary<long, short> _counts = [];
    private readonly Dictionary<long, long> _notBefore = [];
    private readonly Dictionary<long, AcknowledgementType> _said = [];
    private readonly Dictionary<long, AcknowledgementType> _sent = [];
    private readonly HashSet<long> _ended = [];
    private readonly HashSet<long> _accepted = [];
    private readonly HashSet<long> _copied = [];
    private readonly StoredState _stored = new();
    private DeliveryRules _rules;
    private SharePartitionMachine _machine = null!;
    private StateWrite? _write;
    private long _now;
    private long _logStart;

    public QueueSimulation(int seed, Happenings seen, QueueBreak broken = QueueBreak.None)
    {
        (_chance, _seen, _broken) = (new Random(seed), seen, broken);
        _rules = new DeliveryRules { LockDuration = Lock, DeliveryLimit = Limit, MostOut = 30, AllowsRenewal = true, RetryDelay = Delay, LongestRetryDelay = LongestDelay, KeepsKeyOrder = true, HasDeadLetters = true };
    }

    public void Run()
    {
        Restart();
        for (var i = 0; i < 500; i++) Step();
        Drain();
        foreach (var (batch, _) in _log.Where(static one => !one.Batch.IsSkipped))
        {
            for (var offset = Math.Max(batch.First, _logStart); offset <= batch.Last; offset++)
                Hold(_accepted.Contains(offset) || _copied.Contains(offset), $"{offset} was neither accepted nor copied");
        }

        Hold(_machine is { HasDying: false, Rows.Count: 0 } && (_machine.Lines?.Count ?? 0) == 0, $"{_machine.Rows.Count} rows are left");
    }

    private static void Hold(bool isSo, string what)
    {
        if (!isSo) throw new InvalidOperationException(what);
    }

    private void Step()
    {
        switch (_chance.Next(24))
        {
            case < 3:
                Append();
                break;
            case < 10:
                Fetch();
                break;
            case < 15:
                Acknowledge();
                break;
            case < 17:
                EndWrite(_chance.Next(4));
                break;
            case 17:
                Pass(_chance.Next(Lock));
                break;
            case 18:
                Leave(s_members[_chance.Next(s_members.Length)]);
                break;
            case < 21:
                Bury(_chance.Next(5));
                break;
            case 21 when _chance.Next(4) == 0:
                MoveStart();
                break;
            case 22 when _chance.Next(4) == 0:
                Restart();
                break;
            case 23 when _chance.Next(6) == 0:
                _rules = _rules with { KeepsKeyOrder = !_rules.KeepsKeyOrder };
                _seen.Note("the order changed");
                break;
        }

        if (_write is null && _machine.MustWrite && _chance.Next(2) == 0) Write();
    }

    private void Append()
    {
        var first = _log.Count == 0 ? 0 : _log[^1].Batch.Last + 1 + (_chance.Next(4) == 0 ? _chance.Next(4) : 0);
        var keys = string.Concat(Enumerable.Range(0, _chance.Next(1, 9)).Select(_ => Keys[_chance.Next(Keys.Length)]));
        _log.Add((new ReadBatch(first, first + keys.Length - 1, _chance.Next(6) == 0), keys));
    }

    private void Fetch()
    {
        var (member, from, limits) = (s_members[_chance.Next(s_members.Length)], _machine.Next(), new AcquireLimits(_chance.Next(1, 20), _chance.Next(1, 8), _chance.Next(2) == 0));
        Hold(from >= _logStart, $"the log is to be read from {from}, and begins at {_logStart}");
        var read = _log.Where(one => one.Batch.Last >= from).Take(_chance.Next(1, 5)).ToArray();
        var acquired = new List<AcquiredRange>();
        _machine.Acquire(member, from, [.. read.Select(static one => one.Batch)], limits, _now, acquired, batch => KeysIn(read[batch]));
        // Without the order the last batch may reach beyond what may be out.
        Hold((_machine.Lines?.Count ?? 0) <= _rules.MostOut + 8, $"{_machine.Lines?.Count} keys are known");
        foreach (var range in acquired)
        {
            for (var offset = range.First; offset <= range.Last; offset++) Given(member, offset, range.Count);
        }
    }

    private List<RecordKey> KeysIn((ReadBatch Batch, string Keys) one) => _broken == QueueBreak.HidesKeys ? []
        : [.. one.Keys.Select((key, i) => (key, i)).Where(static pair => pair.key != '.').Select(pair => new RecordKey(one.Batch.First + pair.i, pair.key))];

    private char KeyOf(long offset)
    {
        var at = _log.FindIndex(one => !one.Batch.IsSkipped && one.Batch.First <= offset && offset <= one.Batch.Last);
        Hold(at >= 0, $"{offset} is no record");
        return _log[at].Keys[(int)(offset - _log[at].Batch.First)];
    }

    private void Given(string member, long offset, short count)
    {
        Hold(!_held.ContainsKey(offset), $"{offset} is held and was given to {member}");
        Hold(!_ended.Contains(offset), $"{offset} is done with and was given to {member}");
        Hold(offset >= _logStart, $"{offset} is below the log's start {_logStart}");
        Hold(count <= Limit, $"{offset} was delivered the {count}th time");
        Hold(_notBefore.GetValueOrDefault(offset) <= _now, $"{offset} was given at {_now}, and was to wait until {_notBefore.GetValueOrDefault(offset)}");
        var key = KeyOf(offset);
        if (_rules.KeepsKeyOrder && key != '.')
        {
            foreach (var (batch, keys) in _log)
            {
                if (batch.IsSkipped || batch.First >= offset) continue;
                for (var at = Math.Max(batch.First, _logStart); at <= Math.Min(batch.Last, offset - 1); at++)
                    Hold(keys[(int)(at - batch.First)] != key || _ended.Contains(at), $"{offset} was given before {at}, which has the same key, was done with");
            }

            _seen.Note("given in its key's order");
        }

        if (_notBefore.Remove(offset)) _seen.Note("given when it had waited");
        _counts[offset] = count;
        _held[offset] = (member, _now + Lock);
    }

    private void Acknowledge()
    {
        var member = s_members[_chance.Next(s_members.Length)];
        var ranges = new List<AcknowledgedRange>();
        foreach (var offset in _held.Keys.Order())
        {
            if (_held[offset].Member != member || _said.ContainsKey(offset) || _sent.ContainsKey(offset) || _chance.Next(3) > 0) continue;
            ranges.Add(new AcknowledgedRange(offset, offset, [(sbyte)_chance.Next(1, 4)]));
        }

        if (ranges.Count == 0) return;
        var result = _machine.Acknowledge(member, ranges, _now);
        Hold(result.Error == Moldau.Protocol.Errors.ErrorCode.None, result.Message ?? "");
        foreach (var range in ranges) Say(range.First, range.TypeOf(range.First));
    }

    private void Say(long offset, AcknowledgementType type)
    {
        _said[offset] = type;
        // It may be stored although nobody is told so.
        if (type == AcknowledgementType.Accept) _accepted.Add(offset);
    }

    private void Write()
    {
        _write = _machine.TakeWrite();
        foreach (var (offset, type) in _said) _sent[offset] = type;
        _said.Clear();
    }

    /// <param name="way">0 fails, 1 fails and is stored, else it succeeds.</param>
    private void EndWrite(int way)
    {
        if (_write is not { } write) return;
        _write = null;
        if (way > 0) _stored.Merge(write);
        if (way > 1)
        {
            foreach (var (offset, type) in _sent)
            {
                _held.Remove(offset);
                if (type == AcknowledgementType.Accept) _ended.Add(offset);
                if (type == AcknowledgementType.Release) Wait(offset);
            }
        }

        _sent.Clear();
        _machine.Stored(way > 1, _broken == QueueBreak.HurriesDelays ? _now - Delay : _now);
    }

    private void Wait(long offset)
    {
        if (_counts[offset] < Limit) _notBefore[offset] = _now + Math.Min(LongestDelay, Delay << (_counts[offset] - 1));
    }

    private void Pass(int milliseconds)
    {
        _now += milliseconds;
        _machine.Elapsed(_now);
        Free(held => held.Deadline <= _now);
    }

    private void Leave(string member)
    {
        _machine.Release(member, _now);
        Free(held => held.Member == member);
    }

    private void Free(Func<(string Member, long Deadline), bool> isFreed)
    {
        foreach (var offset in _held.Keys.ToList())
        {
            if (!isFreed(_held[offset]) || _said.ContainsKey(offset) || _sent.ContainsKey(offset)) continue;
            _held.Remove(offset);
            Wait(offset);
        }
    }

    /// <param name="way">0 cannot be copied, 1 is copied and the leader goes before it knows, else it is.</param>
    private void Bury(int way)
    {
        var dead = new List<DeadRange>();
        _machine.CollectDead(_chance.Next(1, 6), dead);
        foreach (var range in dead)
        {
            for (var offset = range.First; offset <= range.Last; offset++)
            {
                // A write that seemed to fail may have said before that it is done with.
                Hold(offset < _stored.Start || _stored.Offsets.Any(stored => stored.First == offset && stored.State == DeliveryState.Archiving), $"{offset} is to be copied before it is stored that it must be");
                Hold(range.Reason == DeadReason.Rejected || range.Count >= Limit, $"{offset} was delivered {range.Count} times and is {range.Reason}");
                if (way > 0 && _broken != QueueBreak.BuriesWithoutCopy) _copied.Add(offset);
            }

            if (way == 0) _machine.Unburied(range.First, range.Last, _now + Delay);
            if (way <= 1) continue;
            _machine.Buried(range.First, range.Last);
            for (var offset = range.First; offset <= range.Last; offset++) _ended.Add(offset);
            _seen.Note("buried");
        }

        if (dead.Count == 0) return;
        _seen.Note(way switch { 0 => "could not be copied", 1 => "copied when the leader went", _ => "copied" });
        if (way == 1) Restart();
    }

    private void MoveStart()
    {
        if (_log.Count < 4) return;
        _logStart = Math.Max(_logStart, _log[_chance.Next(_log.Count / 2)].Batch.First);
        _machine.StartMoved(_logStart);
        foreach (var offset in _held.Keys.Where(offset => offset < _logStart).ToList())
        {
            _held.Remove(offset);
            _said.Remove(offset);
            _sent.Remove(offset);
        }

        _seen.Note("the start moved");
    }

    private void Restart()
    {
        if (_write is { } write && _chance.Next(2) == 0) _stored.Merge(write);
        _write = null;
        _held.Clear();
        _said.Clear();
        _sent.Clear();
        _notBefore.Clear();
        _counts.Clear();
        _ended.Clear();
        _machine = new SharePartitionMachine(() => _rules);
        _machine.Begin(_stored.Start, _stored.Offsets);
        for (var offset = 0L; offset < _stored.Start; offset++) _ended.Add(offset);
        foreach (var stored in _stored.Offsets)
        {
            if (stored.State is DeliveryState.Acknowledged or DeliveryState.Archived) _ended.Add(stored.First);
            _counts[stored.First] = stored.Count;
        }

        _machine.StartMoved(_logStart);
        _seen.Note("restarted");
    }

    private void Drain()
    {
        for (var i = 0; i < 5000; i++)
        {
            if (_write is not null) EndWrite(2);
            Pass(Lock + LongestDelay);
            if (_machine.MustWrite) Write();
            if (_write is not null) EndWrite(2);
            Bury(2);
            var before = (_machine.Start, _machine.End, _machine.InFlight);
            Fetch();
            foreach (var (offset, held) in _held.Where(held => !_said.ContainsKey(held.Key)).ToList())
            {
                Hold(_machine.Acknowledge(held.Member, [new AcknowledgedRange(offset, offset, [1])], _now).Error == Moldau.Protocol.Errors.ErrorCode.None, $"{offset} cannot be acknowledged");
                Say(offset, AcknowledgementType.Accept);
            }

            if (_machine.MustWrite || _write is not null || _machine.HasDying) continue;
            if (before == (_machine.Start, _machine.End, _machine.InFlight) && (_log.Count == 0 || _machine.Next() > _log[^1].Batch.Last)) return;
        }

        throw new InvalidOperationException("it comes to no end");
    }
}
