using System.Globalization;
using System.Text.RegularExpressions;
using Moldau.Coordination.Groups;
using Moldau.Coordination.Groups.Consumer;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Unit.Coordination.Scenarios;

/// <summary>One shard of groups with a log in memory and a clock that stands still between events.</summary>
internal sealed partial class ScenarioRun
{
    private const string Topic = "__consumer_offsets";
    private const long Start = 1_000_000;

    private readonly List<string> _told = [];
    private readonly List<ShardBatch> _log = [];
    private readonly Dictionary<ShardTimer, long> _timers = [];
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly GroupEvents _events;
    private readonly ConsumerEvents _consumerEvents;
    private readonly ShareEvents _shareEvents;
    private readonly StreamsEvents _streamsEvents;
    private readonly ScenarioTopics _topics = new();
    private Shard<GroupMachine> _shard;
    private ConsumerRules _consumerRules = new();
    private GroupRules _rules = new() { InitialRebalanceDelay = 0 };
    private long _now = Start;
    private bool _isHeld;

    public ScenarioRun()
    {
        _events = new GroupEvents(_told.Add);
        _consumerEvents = new ConsumerEvents(_topics, _told.Add);
        _shareEvents = new ShareEvents(_topics, _told.Add);
        _streamsEvents = new StreamsEvents(_topics, _told.Add);
        _shard = Load();
    }

    /// <returns>What came of the event.</returns>
    public IEnumerable<string> Play(string line)
    {
        _told.Clear();
        var words = new ScenarioWords(line, Resolve);
        switch (words.Event)
        {
            case "wait":
                Wait(long.Parse(words.Plain(1), CultureInfo.InvariantCulture));
                break;
            case "hold":
                _isHeld = true;
                break;
            case "durable":
                _isHeld = false;
                Flush();
                break;
            case "fail":
                _isHeld = false;
                if (_shard.TakeBatches() is [var first, ..]) _shard.Failed(_now, first, Enum.Parse<ErrorCode>(words.Text("with", "CoordinatorNotAvailable")), null);
                break;
            case "reload":
                _shard.Drop(_now, "reload");
                _shareEvents.Reload();
                _shard = Load();
                break;
            case "timers":
                foreach (var (timer, due) in _timers.OrderBy(timer => timer.Value)) _told.Add($"{timer.Kind} {timer.Owner} {timer.Part} in {due - _now} ms");
                break;
            case "rules":
                SetRules(words);
                break;
            case "end":
                var (id, epoch) = GroupEvents.Producer(words);
                _shard.End(_now, new ScenarioReply<WriteTxnMarkersResponse>("marker", _told.Add), new TransactionProducer(id, epoch), new MarkerEnd(words.Has("committed"), 0));
                break;
            case "topic":
                _topics.Set(words.Plain(1), int.Parse(words.Plain(2), CultureInfo.InvariantCulture));
                break;
            case var _ when _shareEvents.Run(words, (reply, action) => _shard.Run(_now, reply, action)):
                break;
            case var _ when _streamsEvents.Run(words, (reply, action) => _shard.Run(_now, reply, action)):
                break;
            case var _ when _consumerEvents.Run(words, (reply, action) => _shard.Run(_now, reply, action)):
                break;
            default:
                _events.Run(words, (reply, action) => _shard.Run(_now, reply, action));
                break;
        }

        if (!_isHeld) Flush();
        return _told.ConvertAll(Hide);
    }

    private void SetRules(ScenarioWords words)
    {
        _consumerRules = _consumerRules with
        {
            MaxSize = words.Number("consumers", _consumerRules.MaxSize),
            AssignmentInterval = words.Number("interval", _consumerRules.AssignmentInterval),
            Migration = Enum.Parse<MigrationPolicy>(words.Text("migration", $"{_consumerRules.Migration}"), ignoreCase: true),
        };
        SetCommonRules(words);
    }

    private void SetCommonRules(ScenarioWords words) => _rules = _rules with
    {
        InitialRebalanceDelay = words.Number("delay", _rules.InitialRebalanceDelay),
        MaxClassicSize = words.Number("size", _rules.MaxClassicSize),
        MaxMetadataBytes = words.Number("metadata", _rules.MaxMetadataBytes),
        OffsetRetentionMinutes = words.Number("retention", _rules.OffsetRetentionMinutes),
    };

    private Shard<GroupMachine> Load()
    {
        _timers.Clear();
        var machine = new GroupMachine(new UndoLog(), () => _rules, new Random(5), new ConsumerSurroundings(_ => _consumerRules, () => _topics), _shareEvents.Surroundings, _streamsEvents.Surroundings);
        foreach (var batch in _log)
        {
            foreach (var record in batch.Records)
            {
                var (key, value) = RecordForm.Decode(Topic, record.Key, record.Value)!.Value;
                machine.Replay(key, value, batch.Producer);
            }

            if (batch.Marker is { } marker) machine.ReplayMarker(batch.Producer!.Value, marker.IsCommit);
        }

        var shard = new Shard<GroupMachine>(machine, SetTimer, fault => _told.Add("threw " + fault.Message));
        shard.Loaded(_now);
        return shard;
    }

    private void SetTimer(ShardTimer timer, TimeSpan? after)
    {
        if (after is { } time) _timers[timer] = _now + (long)time.TotalMilliseconds;
        else _timers.Remove(timer);
    }

    private void Wait(long milliseconds)
    {
        var end = _now + milliseconds;
        while (_timers.Where(timer => timer.Value <= end).OrderBy(timer => timer.Value).Select(timer => (ShardTimer?)timer.Key).FirstOrDefault() is { } due)
        {
            _now = Math.Max(_now, _timers[due]);
            _timers.Remove(due);
            _shard.Run(_now, null, (machine, outcome) => machine.Elapsed(due, outcome));
            if (!_isHeld) Flush();
        }

        _now = end;
    }

    private void Flush()
    {
        var batches = _shard.TakeBatches();
        foreach (var batch in batches)
        {
            _log.Add(batch);
            foreach (var record in batch.Records)
            {
                var (key, value) = RecordForm.Decode(Topic, record.Key, record.Value)!.Value;
                var producer = batch.Producer is { } transaction ? $" in {transaction.Id}/{transaction.Epoch}" : "";
                _told.Add($"stored{producer} {key.Name} {MessageWords.Of(key)} -> {(value is null ? "forgotten" : MessageWords.Of(value))}");
            }

            if (batch.Marker is { } marker) _told.Add($"stored the {(marker.IsCommit ? "commit" : "abort")} of {batch.Producer!.Value.Id}");
        }

        if (batches.Count > 0) _shard.Committed(batches[^1]);
    }

    /// <summary>Member ids are long, and drawn: they are called m1, m2 in the order in which they appear.</summary>
    private string Hide(string text) => Drawn().Replace(text, found =>
    {
        if (_ids.FirstOrDefault(known => known.Value == found.Value).Key is { } name) return name;
        _ids[name = $"m{_ids.Count + 1}"] = found.Value;
        return name;
    }).Replace($"{_now}", "now", StringComparison.Ordinal);

    private string Resolve(string word) => Named().Replace(word, found => _ids.GetValueOrDefault(found.Value, found.Value));

    [GeneratedRegex(@"[A-Za-z0-9]+-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Drawn();

    [GeneratedRegex(@"\bm[0-9]+\b")]
    private static partial Regex Named();
}
