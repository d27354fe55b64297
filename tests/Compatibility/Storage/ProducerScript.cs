using Moldau.Storage.Producers;

namespace Moldau.Compatibility.Storage;

/// <summary>
/// A partition's life by chance, played on our states as it is written: what comes next depends on what was accepted, so
/// that most steps are near the edge of a rule.
/// </summary>
internal sealed class ProducerScript(Random random, OurProducers ours, long idStep = 1)
{
    private const int Expiration = 400;

    private const int Producers = 8;

    private readonly List<(long Offset, string Line)> _log = [];
    private readonly List<string> _lines = [];
    private readonly List<string> _answers = [];
    private int _guards;
    private long _end;
    private long _start;
    private long _now = 1_000;

    public IReadOnlyList<string> Lines => _lines;

    public IReadOnlyList<string> Answers => _answers;

    public void Play(int steps)
    {
        Run($"new {Expiration}");
        _log.Clear();
        (_start, _end, _guards) = (0, 0, 0);
        for (var i = 0; i < steps; i++)
        {
            _now += random.Next(20);
            Step(random.Next(100));
        }
    }

    private void Step(int choice)
    {
        switch (choice)
        {
            case < 54: Data(); break;
            case < 58: CoordinatorData(); break;
            case < 74: End(); break;
            case < 78: Verify(Producer(), SomeEpoch(Producer()), random.Next(3)); break;
            case < 82: Run($"hw {random.NextInt64(_end + 2)}"); break;
            case < 84: Run($"start {_start = random.NextInt64(_start, _end + 1)}"); break;
            case < 87: Run($"expire {_now + random.Next(Expiration)}"); break;
            case < 93: Run("snap"); break;
            case < 95: Run($"advance {_end += random.Next(1, 4)}"); break;
            case < 99: Reload(); break;
            default: Restart(); break;
        }
    }

    private void Data()
    {
        var producer = Producer();
        var epoch = SomeEpoch(producer);
        var state = StateOf(producer);
        var (sequence, count) = SomeSequence(state, epoch);
        var isTransactional = producer % 2 == 1 != (random.Next(20) == 0);
        var guard = -1;
        if (isTransactional && random.Next(10) > 0)
        {
            Verify(producer, epoch, random.Next(6) == 0 ? sequence / 2 : sequence);
            if (int.TryParse(_answers[^1].Split('|')[0], out var drawn)) guard = drawn;
            if (random.Next(15) == 0) guard = _guards > 0 ? random.Next(_guards) : -1;
        }

        Append($"{producer} {epoch} {sequence} {count} {_end} {_now - random.Next(30)} {(isTransactional ? "true" : "false")} {guard}", "data CLIENT", count);
    }

    private void CoordinatorData()
    {
        var producer = Producer();
        var epoch = SomeEpoch(producer);
        Verify(producer, epoch, 0);
        var guard = int.TryParse(_answers[^1].Split('|')[0], out var drawn) ? drawn : -1;
        Append($"{producer} {epoch} 0 1 {_end} {_now} true {guard}", "data COORDINATOR", 1);
    }

    private void End()
    {
        var producer = Producer();
        var epoch = SomeEpoch(producer);
        var version = random.Next(3);
        if (version == 2 && random.Next(4) > 0) epoch = (short)Math.Min(short.MaxValue, epoch + 1);
        var coordinator = (int)(_now / 500) + random.Next(-1, 2);
        var type = random.Next(2) == 0 ? "ABORT" : "COMMIT";
        Append($"{producer} {epoch} {type} {coordinator} {_end} {_now} {version}", "end COORDINATOR", 1);
    }

    private void Verify(long producer, short epoch, int sequence)
    {
        Run($"verify {producer} {epoch} {sequence} {(producer % 4 == 1 ? "true" : "false")} {_now}");
        if (int.TryParse(_answers[^1].Split('|')[0], out var drawn)) _guards = Math.Max(_guards, drawn + 1);
    }

    /// <summary>Cut at a batch, and what remains above the snapshot is applied again as a replica would.</summary>
    private void Reload()
    {
        if (ours.Snapshots!.Offsets is [.., var newest] && random.Next(3) == 0) Run($"damage {newest}");
        if (_log.Count > 0 && random.Next(4) > 0)
        {
            var cut = random.Next(_log.Count);
            if (_log[cut].Offset >= _start)
            {
                _end = _log[cut].Offset;
                _log.RemoveRange(cut, _log.Count - cut);
            }
        }

        Run($"reload {_start} {_end} {_now}");
        foreach (var (offset, line) in _log)
        {
            if (offset < ours.States.EndOffset) continue;
            var words = line.Split(' ');
            words[1] = "REPLICATION";
            Run(string.Join(' ', words));
        }

        if (ours.States.EndOffset != _end) Run($"advance {_end}");
    }

    private void Restart()
    {
        _log.Clear();
        _start = _end = random.NextInt64(_end, _end + 100);
        Run($"restart {_end}");
    }

    private void Append(string step, string verb, int count)
    {
        var line = $"{verb} {step}";
        Run(line);
        if (!_answers[^1].StartsWith("new|", StringComparison.Ordinal) && !_answers[^1].StartsWith("completed ", StringComparison.Ordinal)) return;
        _log.Add((_end, line));
        _end += count;
    }

    private (int Sequence, int Count) SomeSequence(ProducerState? state, short epoch)
    {
        var count = random.Next(1, 5);
        if (state is null) return (random.Next(4) switch { 0 => int.MaxValue - random.Next(4), 1 => random.Next(10), _ => 0 }, count);
        if (epoch != state.Epoch) return (random.Next(4) == 0 ? random.Next(3) : 0, count);
        if (state.BatchCount > 0 && random.Next(4) == 0)
        {
            var again = state.BatchAt(random.Next(state.BatchCount));
            return (again.BaseSequence, again.OffsetDelta + (random.Next(8) == 0 ? 2 : 1));
        }

        return (random.Next(12) switch { 0 => state.NextSequence / 2, 1 => (int)Math.Min(int.MaxValue, state.NextSequence + 1L), 2 => 0, _ => state.NextSequence }, count);
    }

    private long Producer() => random.Next(Producers) * idStep;

    private short SomeEpoch(long producer)
    {
        // Few producers live at the end of all epochs, where none can follow.
        var known = StateOf(producer)?.Epoch ?? (producer == 3 * idStep ? short.MaxValue - 1 : 0);
        return (short)Math.Clamp(known + random.Next(16) switch { 0 => 1, 1 => -1, _ => 0 }, 0, short.MaxValue);
    }

    private ProducerState? StateOf(long producer) => ours.States.TryGet(producer, out var state) ? state : null;

    private void Run(string line)
    {
        _lines.Add(line);
        _answers.Add(ours.Step(line));
    }
}
