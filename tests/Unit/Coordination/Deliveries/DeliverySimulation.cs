using System.Globalization;
using Moldau.Coordination.Deliveries;
using Moldau.Unit.Storage.Simulation;

namespace Moldau.Unit.Coordination.Deliveries;

/// <summary>
/// Members that fetch, acknowledge and go, writes that fail or are stored though they seem to fail, deadlines, restarts, and a
/// start that moves; beside it an account of each record, kept in the simplest way there is.
/// </summary>
internal sealed class DeliverySimulation(int seed, Happenings seen, DeliveryBreak broken = DeliveryBreak.None)
{
    private const int Limit = 4;
    private const int Lock = 100;
    private static readonly string[] s_members = ["a", "b", "c"];
    private readonly Random _chance = new(seed);
    private readonly List<ReadBatch> _log = [];
    private readonly Dictionary<long, (string Member, long Deadline)> _held = [];
    private readonly Dictionary<long, int> _deliveries = [];
    private readonly HashSet<long> _ended = [];
    private readonly Dictionary<long, AcknowledgementType> _said = [];
    private readonly Dictionary<long, AcknowledgementType> _sent = [];
    private readonly HashSet<long> _over = [];
    private readonly StoredState _stored = new();
    private SharePartitionMachine _machine = null!;
    private StateWrite? _write;
    private long _now;
    private long _logStart;

    public void Run()
    {
        Restart();
        for (var i = 0; i < 400; i++) Step();
        Drain();
        foreach (var batch in _log.Where(static batch => !batch.IsSkipped))
        {
            for (var offset = Math.Max(batch.First, _logStart); offset <= batch.Last; offset++)
                Hold(_over.Contains(offset), $"{offset} was lost");
        }

        Hold(_machine.Start == _machine.End + 1 && _machine.Rows.Count == 0, $"{_machine.Rows.Count} rows are left");
        Hold(_machine.Rows.Capacity <= 64, $"there is room for {_machine.Rows.Capacity} rows still");
    }

    private static void Hold(bool isSo, string what)
    {
        if (!isSo) throw new InvalidOperationException(what);
    }

    private void Step()
    {
        switch (_chance.Next(20))
        {
            case < 3:
                Append();
                break;
            case < 9:
                Fetch();
                break;
            case < 14:
                Acknowledge();
                break;
            case < 16:
                EndWrite(_chance.Next(4));
                break;
            case 16:
                Pass(_chance.Next(Lock));
                break;
            case 17:
                Leave(s_members[_chance.Next(s_members.Length)]);
                break;
            case 18 when _chance.Next(3) == 0:
                MoveStart();
                break;
            case 19 when _chance.Next(4) == 0:
                Restart();
                break;
        }

        if (_write is null && _machine.MustWrite && _chance.Next(2) == 0) Write();
        Compare();
    }

    private void Append()
    {
        var first = _log.Count == 0 ? 0 : _log[^1].Last + 1 + (_chance.Next(4) == 0 ? _chance.Next(5) : 0);
        _log.Add(new ReadBatch(first, first + _chance.Next(12), _chance.Next(6) == 0));
    }

    private void Fetch()
    {
        var (member, from, limits) = (s_members[_chance.Next(s_members.Length)], _machine.Next(), new AcquireLimits(_chance.Next(1, 20), _chance.Next(1, 8), _chance.Next(2) == 0));
        var read = _log.Where(batch => batch.Last >= from).Take(_chance.Next(1, 5)).ToArray();
        var acquired = new List<AcquiredRange>();
        var count = _machine.Acquire(member, from, read, limits, _now, acquired);
        seen.Note("fetched");
        Hold(count == acquired.Sum(static range => range.Size), "the number is not that of the records");
        if (limits.IsStrict) Hold(count <= limits.MaxRecords, $"{count} were given of {limits.MaxRecords}");
        foreach (var range in acquired)
        {
            for (var offset = range.First; offset <= range.Last; offset++) Given(member, offset, range.Count);
        }

        if (acquired.Any(static range => range.Count > 1)) seen.Note("delivered again");
    }

    private void Given(string member, long offset, short count)
    {
        Hold(!_held.ContainsKey(offset), $"{offset} is held by {(_held.TryGetValue(offset, out var holder) ? holder.Member : "")} and was given to {member}");
        Hold(!_ended.Contains(offset), $"{offset} is done with and was given to {member}");
        Hold(_log.Exists(batch => !batch.IsSkipped && batch.First <= offset && offset <= batch.Last), $"{offset} is no record");
        Hold(offset >= _logStart, $"{offset} is below the log's start {_logStart}");
        Hold(count <= Limit, $"{offset} was delivered the {count}th time");
        Hold(count == _deliveries.GetValueOrDefault(offset) + 1, $"{offset} was delivered {_deliveries.GetValueOrDefault(offset)} times, and {count} is said");
        _deliveries[offset] = count;
        if (count == Limit) _over.Add(offset);
        _held[offset] = (member, _now + Lock);
    }

    private void Acknowledge()
    {
        var member = s_members[_chance.Next(s_members.Length)];
        var ranges = new List<AcknowledgedRange>();
        foreach (var offset in _held.Keys.Order())
        {
            if (_held[offset].Member != member || _said.ContainsKey(offset) || _sent.ContainsKey(offset) || _chance.Next(3) > 0) continue;
            ranges.Add(new AcknowledgedRange(offset, offset, [(sbyte)_chance.Next(5)]));
        }

        // Somebody else's, or nobody's: all of it is to be refused.
        var wrong = _chance.Next(10) == 0 ? _machine.Start + _chance.Next(30) : -1;
        if (wrong >= 0 && (!_held.TryGetValue(wrong, out var held) || held.Member != member))
        {
            ranges.RemoveAll(range => range.First >= wrong);
            ranges.Add(new AcknowledgedRange(wrong, wrong, [1]));
            Hold(_machine.Acknowledge(member, ranges, _now).Error != Moldau.Protocol.Errors.ErrorCode.None, $"{member} acknowledged {wrong}, which was not his");
            seen.Note("refused");
            return;
        }

        if (ranges.Count == 0) return;
        var result = _machine.Acknowledge(member, ranges, _now);
        Hold(result.Error == Moldau.Protocol.Errors.ErrorCode.None, result.Message ?? "");
        seen.Note("acknowledged");
        foreach (var range in ranges)
        {
            if (range.TypeOf(range.First) == AcknowledgementType.Renew) _held[range.First] = (member, _now + Lock);
            else Say(range.First, range.TypeOf(range.First));
        }
    }

    /// <summary>From now on it may be done with, even where nobody is told so.</summary>
    private void Say(long offset, AcknowledgementType type)
    {
        _said[offset] = type;
        if (type != AcknowledgementType.Release) _over.Add(offset);
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
        if (way > 0 && broken != DeliveryBreak.StoresNothing) _stored.Merge(write);
        seen.Note(way switch { 0 => "a write failed", 1 => "a write failed and was stored", _ => "a write succeeded" });
        if (way > 1 || broken == DeliveryBreak.CallsFailureSuccess)
        {
            foreach (var (offset, type) in _sent)
            {
                _held.Remove(offset);
                if (type != AcknowledgementType.Release) _ended.Add(offset);
            }
        }

        _sent.Clear();
        _machine.Stored(way > 1, _now);
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
        seen.Note("left");
    }

    private void Free(Func<(string Member, long Deadline), bool> isFreed)
    {
        foreach (var offset in _held.Keys.ToList())
        {
            if (isFreed(_held[offset]) && !_said.ContainsKey(offset) && !_sent.ContainsKey(offset)) _held.Remove(offset);
        }
    }

    private void MoveStart()
    {
        if (_log.Count < 4) return;
        _logStart = Math.Max(_logStart, _log[_chance.Next(_log.Count / 2)].First);
        _machine.StartMoved(_logStart);
        foreach (var offset in _held.Keys.Where(offset => offset < _logStart).ToList())
        {
            _held.Remove(offset);
            _said.Remove(offset);
            _sent.Remove(offset);
        }

        seen.Note("the start moved");
    }

    private void Restart()
    {
        if (_write is { } write && _chance.Next(2) == 0) _stored.Merge(write);
        _write = null;
        _held.Clear();
        _said.Clear();
        _sent.Clear();
        var rules = new DeliveryRules { LockDuration = Lock, DeliveryLimit = Limit, MostOut = 60, AllowsRenewal = true };
        _machine = new SharePartitionMachine(() => rules);
        _machine.Begin(_stored.Start, _stored.Offsets);
        _machine.StartMoved(_logStart);
        // Deliveries that were not stored are forgotten; what was said to be done with is not.
        _deliveries.Clear();
        foreach (var stored in _stored.Offsets) _deliveries[stored.First] = stored.Count;
        seen.Note("restarted");
    }

    /// <summary>Each row says of its records what the account says.</summary>
    private void Compare()
    {
        for (var i = 0; i < _machine.Rows.Count; i++)
        {
            var row = _machine.Rows[i];
            Hold(i == 0 || row.First == _machine.Rows[i - 1].Last + 1, $"a row begins at {row.First}, where none ends");
            for (var offset = row.First; offset <= row.Last; offset++)
            {
                Hold(row.State == DeliveryState.Acquired == _held.ContainsKey(offset), $"{offset} is {row.State}");
                Hold(!_ended.Contains(offset) || row.IsDone, $"{offset} is done with and {row.State}");
                if (row.State == DeliveryState.Acquired) Hold(row.Holder == _held[offset].Member, string.Create(CultureInfo.InvariantCulture, $"{offset} is held by {row.Holder}"));
            }
        }
    }

    private void Drain()
    {
        for (var i = 0; i < 5000; i++)
        {
            if (_write is not null) EndWrite(2);
            Pass(Lock);
            if (_machine.MustWrite) Write();
            if (_write is not null) EndWrite(2);
            var before = (_machine.Start, _machine.End, _machine.InFlight);
            Fetch();
            foreach (var (offset, held) in _held.Where(held => !_said.ContainsKey(held.Key)).ToList())
            {
                Hold(_machine.Acknowledge(held.Member, [new AcknowledgedRange(offset, offset, [1])], _now).Error == Moldau.Protocol.Errors.ErrorCode.None, $"{offset} cannot be acknowledged");
                Say(offset, AcknowledgementType.Accept);
            }

            Compare();
            if (_machine.MustWrite || _write is not null) continue;
            if (before == (_machine.Start, _machine.End, _machine.InFlight) && (_log.Count == 0 || _machine.Next() > _log[^1].Last)) return;
        }

        throw new InvalidOperationException("it comes to no end");
    }
}
