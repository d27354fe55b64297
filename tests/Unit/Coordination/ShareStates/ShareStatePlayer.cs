using System.Globalization;
using Moldau.Coordination.Shards;
using Moldau.Coordination.ShareStates;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Coordination.Scenarios;

namespace Moldau.Unit.Coordination.ShareStates;

/// <summary>
/// Plays a scenario: a line is an event about a share-partition such as 'g:t-0', and the indented lines below it are what comes
/// of it. 'hold' keeps records from becoming durable until 'durable' or 'fail'.
/// </summary>
internal sealed class ShareStatePlayer
{
    private const string Topic = "__share_group_state";

    private readonly List<string> _told = [];
    private readonly List<(long Offset, StoredRecord Record)> _log = [];
    private readonly Dictionary<ShardTimer, long> _timers = [];
    private readonly ScenarioTopics _topics = new();
    private ShareStateRules _rules = new();
    private Shard<ShareStateMachine> _shard;
    private long _now = 1_000_000;
    private long _end;
    private bool _isHeld;

    public ShareStatePlayer() => _shard = Load();

    public static string Play(string scenario)
    {
        var player = new ShareStatePlayer();
        var lines = new List<string>();
        foreach (var line in scenario.Split('\n'))
        {
            if (line.StartsWith(' ')) continue;
            lines.Add(line.TrimEnd());
            if (line.Length == 0 || line[0] == '#') continue;
            player._told.Clear();
            player.Event(new ScenarioWords(line, static word => word));
            lines.AddRange(player._told.Select(static told => "  " + told));
        }

        return string.Join('\n', lines).TrimEnd() + "\n";
    }

    private void Event(ScenarioWords words)
    {
        switch (words.Event)
        {
            case "topic":
                _topics.Set(words.Plain(1), int.Parse(words.Plain(2), CultureInfo.InvariantCulture));
                break;
            case "rules":
                _rules = _rules with { UpdatesPerSnapshot = words.Number("updates", _rules.UpdatesPerSnapshot), ColdSnapshotInterval = words.Number("cold", _rules.ColdSnapshotInterval) };
                break;
            case "hold":
                _isHeld = true;
                break;
            case "durable":
                _isHeld = false;
                break;
            case "fail":
                _isHeld = false;
                if (_shard.TakeBatches() is [var first, ..]) _shard.Failed(_now, first, ErrorCode.NotCoordinator, null);
                break;
            case "reload":
                _shard.Drop(_now, "reload");
                _shard = Load();
                break;
            case "prune":
                var needed = _shard.Machine.FirstNeeded;
                _log.RemoveAll(entry => entry.Offset < needed);
                _told.Add($"needs the log from {needed} on");
                break;
            case "wait":
                Wait(long.Parse(words.Plain(1), CultureInfo.InvariantCulture));
                break;
            case "forget":
                _shard.Run(_now, null, (machine, outcome) => machine.ForgetTopic(_topics.IdOf(words.Plain(1)), outcome));
                break;
            default:
                Ask(words);
                break;
        }

        if (!_isHeld) Flush();
    }

    private void Ask(ScenarioWords words)
    {
        var name = words.Plain(1);
        var (colon, dash) = (name.IndexOf(':', StringComparison.Ordinal), name.IndexOf('-', StringComparison.Ordinal));
        var key = new SharePartitionKey(name[..colon], _topics.IdOf(name[(colon + 1)..dash]), int.Parse(name[(dash + 1)..], CultureInfo.InvariantCulture));
        switch (words.Event)
        {
            case "initialize":
                var toInitialize = new InitializeShareGroupStateRequest.PartitionState { StateEpoch = words.Number("state", 0), StartOffset = words.Number("start", -1) };
                var initialized = new InitializeShareGroupStateResponse.PartitionResult();
                Run(name, () => (initialized.ErrorCode, ""), (machine, outcome) => machine.Initialize(key, toInitialize, initialized, outcome));
                break;
            case "read":
                var query = new ReadShareGroupStateRequest.PartitionQuery { LeaderEpoch = words.Number("leader", -1) };
                var read = new ReadShareGroupStateResponse.PartitionResult();
                Run(name, () => (read.ErrorCode, $"state {read.StateEpoch} start {read.StartOffset}{Ranges(read)}"), (machine, outcome) => machine.Read(key, query, read, outcome));
                break;
            case "write":
                var toWrite = Written(words);
                var written = new WriteShareGroupStateResponse.PartitionResult();
                Run(name, () => (written.ErrorCode, ""), (machine, outcome) => machine.Write(key, toWrite, written, outcome));
                break;
            case "delete":
                var deleted = new DeleteShareGroupStateResponse.PartitionResult();
                Run(name, () => (deleted.ErrorCode, ""), (machine, outcome) => machine.Delete(key, deleted, outcome));
                break;
            case "summary":
                var told = new ReadShareGroupStateSummaryResponse.PartitionResult();
                Run(name, () => (told.ErrorCode, $"state {told.StateEpoch} leader {told.LeaderEpoch} start {told.StartOffset} complete {told.DeliveryCompleteCount}"), (machine, _) => machine.Summarize(key, told));
                break;
            default:
                throw new FormatException($"an event that nobody knows: {words.Event}");
        }
    }

    /// <summary>Ranges as in '5-9=2/1': records 5 to 9, in state 2, delivered once.</summary>
    private static WriteShareGroupStateRequest.PartitionState Written(ScenarioWords words)
    {
        var asked = new WriteShareGroupStateRequest.PartitionState
        {
            LeaderEpoch = words.Number("leader", -1), StateEpoch = words.Number("state", -1), StartOffset = words.Number("start", -1), DeliveryCompleteCount = words.Number("complete", -1),
        };
        foreach (var range in words.Text("ranges").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var numbers = range.Split('-', ':', '/');
            asked.StateBatches.Add(new WriteShareGroupStateRequest.Batch
            {
                FirstOffset = long.Parse(numbers[0], CultureInfo.InvariantCulture), LastOffset = long.Parse(numbers[1], CultureInfo.InvariantCulture),
                DeliveryState = sbyte.Parse(numbers[2], CultureInfo.InvariantCulture), DeliveryCount = short.Parse(numbers[3], CultureInfo.InvariantCulture),
            });
        }

        return asked;
    }

    private void Run(string who, Func<(ErrorCode Error, string Text)> say, Action<ShareStateMachine, Outcome> action)
    {
        var reply = new Told(() =>
        {
            var (error, text) = say();
            _told.Add(error == ErrorCode.None ? $"{who} is done {text}".TrimEnd() : $"{who} is refused: {error}");
        }, error => _told.Add($"{who} fails with {error}"));
        _shard.Run(_now, reply, (machine, outcome) =>
        {
            action(machine, outcome);
            outcome.Send(reply);
        });
    }

    private static string Ranges(ReadShareGroupStateResponse.PartitionResult read) =>
        string.Concat(read.StateBatches.Select(static batch => $" {batch.FirstOffset}-{batch.LastOffset}:{batch.DeliveryState}/{batch.DeliveryCount}"));

    private Shard<ShareStateMachine> Load()
    {
        _timers.Clear();
        var machine = new ShareStateMachine(() => _rules, () => _topics);
        foreach (var (offset, record) in _log)
        {
            var (key, value) = RecordForm.Decode(Topic, record.Key, record.Value)!.Value;
            machine.Replay(key, value, null);
            machine.Stands(key, value is null, offset);
        }

        var shard = new Shard<ShareStateMachine>(machine, SetTimer, fault => _told.Add("threw " + fault.Message));
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
        while (_timers.Where(timer => timer.Value <= end).OrderBy(static timer => timer.Value).Select(static timer => (ShardTimer?)timer.Key).FirstOrDefault() is { } due)
        {
            _now = _timers[due];
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
            batch.BaseOffset = _end;
            foreach (var record in batch.Records)
            {
                var (key, value) = RecordForm.Decode(Topic, record.Key, record.Value)!.Value;
                _told.Add($"stored at {_end} {key.Name} {MessageWords.Of(key)} -> {(value is null ? "forgotten" : MessageWords.Of(value))}".Replace($"{_now}", "now", StringComparison.Ordinal));
                _log.Add((_end++, record));
            }
        }

        if (batches.Count > 0) _shard.Committed(batches[^1]);
    }

    private sealed class Told(Action say, Action<ErrorCode> fail) : PendingReply
    {
        private bool _isGiven;

        public override void Send() => Give(say);

        public override void Fail(ErrorCode code, string? message) => Give(() => fail(code));

        private void Give(Action how)
        {
            if (_isGiven) return;
            _isGiven = true;
            how();
        }
    }
}
