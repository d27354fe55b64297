using System.Globalization;
using Moldau.Coordination.Shards;
using Moldau.Coordination.Transactions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Unit.Coordination.Transactions;

/// <summary>
/// Plays a scenario: a line is an event, and the indented lines below it are what comes of it. All records are committed at
/// once, and timers run out when the time is moved past them.
/// </summary>
internal sealed class TransactionPlayer
{
    private const int Epoch = 7;

    private TransactionRules _rules = new();
    private readonly SortedDictionary<string, (ShardTimer Timer, long Due)> _timers = new(StringComparer.Ordinal);
    private readonly List<(IMessage Key, IMessage? Value)> _log = [];
    private readonly List<PeerRequest> _asked = [];
    private readonly List<string> _lines = [];
    private TransactionMachine _machine = null!;
    private Outcome _outcome = null!;
    private long _now = 1000;
    private long _nextId = 100;

    public TransactionPlayer() => Load();

    /// <summary>The scenario as it should be written: the events, and what came of each.</summary>
    public static string Play(string scenario)
    {
        var player = new TransactionPlayer();
        foreach (var line in scenario.Split('\n'))
        {
            if (line.StartsWith(' ')) continue;
            player._lines.Add(line);
            if (line.Length > 0 && line[0] != '#') player.Event(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        return string.Join('\n', player._lines);
    }

    private void Event(string[] words)
    {
        switch (words[0])
        {
            case "init":
                Run(outcome => Init(words, outcome));
                break;
            case "add" or "verify":
                Run(outcome => Add(words, outcome));
                break;
            case "offsets":
                Run(outcome => _machine.AddOffsets(
                    new AddOffsetsToTxnRequest { TransactionalId = words[1], ProducerId = Long(words[2]), ProducerEpoch = Short(words[3]), GroupId = words[4] },
                    Version(words), new TransactionPartition("__consumer_offsets", 3), new Told<AddOffsetsToTxnResponse>(this, response => $"{response.ErrorCode}"), outcome));
                break;
            case "commit" or "abort":
                Run(outcome => _machine.EndTxn(
                    new EndTxnRequest { TransactionalId = words[1], ProducerId = Long(words[2]), ProducerEpoch = Short(words[3]), Committed = words[0] == "commit" },
                    Version(words), new Told<EndTxnResponse>(this, response => $"{response.ErrorCode} producer {response.ProducerId} epoch {response.ProducerEpoch}"), outcome));
                break;
            case "describe":
                Run(outcome => _machine.Describe(words[1], new Told<DescribeTransactionsResponse>(this, Describe), outcome));
                break;
            case "list":
                Run(outcome => List(words, outcome));
                break;
            case "id":
                Answer(request => new InitProducerIdResponse { ProducerId = _nextId++ });
                break;
            case "noid":
                Answer(request => null);
                break;
            case "markers":
                Answer(request => MarkerAnswer((WriteTxnMarkersRequest)request.Request, words));
                break;
            case "time":
                Advance(Long(words[1]));
                break;
            case "level":
                _rules = _rules with { Level = Short(words[1]) };
                break;
            case "epochs":
                // Sets a producer near the end of its epochs, as many starts would have.
                Run(outcome => outcome.Append(new TransactionLogKey { TransactionalId = words[1] }, Near(words)));
                break;
            case "reload":
                Run(_machine.Dropped);
                Load();
                break;
            default:
                throw new ArgumentException($"an event that nobody knows: {words[0]}");
        }
    }

    private void Load()
    {
        _timers.Clear();
        _asked.Clear();
        _machine = new TransactionMachine(Epoch, () => _rules, _asked.Add);
        _outcome = new Outcome(_machine);
        foreach (var (key, value) in _log) _machine.Replay(key, value, null);
        _machine.Undo.IsOn = true;
        Run(_machine.Loaded);
    }

    private void Run(Action<Outcome> action)
    {
        _outcome.Begin(_now);
        action(_outcome);
        foreach (var record in _outcome.Records)
        {
            _log.Add((record.Key, record.Value));
            _lines.Add($"  write {((TransactionLogKey)record.Key).TransactionalId} {TransactionText.Of((TransactionLogValue?)record.Value, record.Version)}");
        }

        foreach (var (timer, after) in _outcome.Timers)
        {
            var name = $"{timer.Kind} {timer.Owner}".TrimEnd();
            if (after is { } span)
            {
                _timers[name] = (timer, _now + (long)span.TotalMilliseconds);
                _lines.Add($"  timer {name} in {span.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)}");
            }
            else if (_timers.Remove(name)) _lines.Add($"  stop {name}");
        }

        foreach (var (reply, error, message) in _outcome.Failures) reply.Fail(error, message);
        foreach (var reply in _outcome.Replies.ToArray())
        {
            if (reply is PeerRequest request) _lines.Add($"  ask {TransactionText.Of(request.Request)}");
            reply.Send();
        }
    }

    private void Answer(Func<PeerRequest, IMessage?> respond)
    {
        var request = _asked[0];
        _asked.RemoveAt(0);
        Run(outcome => request.Answered(respond(request), outcome));
    }

    private void Advance(long milliseconds)
    {
        var end = _now + milliseconds;
        while (_timers.Values.Where(timer => timer.Due <= end).OrderBy(timer => timer.Due).Select(static timer => ((ShardTimer Timer, long Due)?)timer).FirstOrDefault() is { } next)
        {
            _now = Math.Max(next.Due, _now);
            var name = $"{next.Timer.Kind} {next.Timer.Owner}".TrimEnd();
            _timers.Remove(name);
            var before = _lines.Count;
            _lines.Add($"  elapsed {name}");
            Run(outcome => _machine.Elapsed(next.Timer, outcome));
            // Looking for expired ids every hour is not worth a line where none is found.
            if (next.Timer.Kind == "expiration" && _lines.Count == before + 2) _lines.RemoveRange(before, 2);
        }

        _now = end;
    }

    private void Init(string[] words, Outcome outcome)
    {
        var request = new InitProducerIdRequest { TransactionalId = words[1], TransactionTimeoutMs = int.Parse(words[2], CultureInfo.InvariantCulture) };
        if (words.Length > 4 && words[3][0] != 'v') (request.ProducerId, request.ProducerEpoch) = (Long(words[3]), Short(words[4]));
        _machine.InitProducerId(
            request, Version(words), new Told<InitProducerIdResponse>(this, response => $"{response.ErrorCode} producer {response.ProducerId} epoch {response.ProducerEpoch}"), outcome);
    }

    private void Add(string[] words, Outcome outcome)
    {
        var asked = new AddPartitionsToTxnRequest.Transaction
        {
            TransactionalId = words[1],
            ProducerId = Long(words[2]),
            ProducerEpoch = Short(words[3]),
            VerifyOnly = words[0] == "verify",
        };
        foreach (var name in words[4].Split(','))
        {
            var dash = name.LastIndexOf('-');
            var topic = new AddPartitionsToTxnRequest.Topic { Name = name[..dash] };
            topic.Partitions.Add(int.Parse(name[(dash + 1)..], CultureInfo.InvariantCulture));
            asked.Topics.Add(topic);
        }

        _machine.AddPartitions(asked, (short)(Version(words) >= 4 ? 2 : 0), new Told<AddPartitionsToTxnResponse>(this, Added), outcome);
    }

    private void List(string[] words, Outcome outcome)
    {
        var request = new ListTransactionsRequest();
        foreach (var word in words.Skip(1))
        {
            if (long.TryParse(word, out var id)) request.ProducerIdFilters.Add(id);
            else if (word[0] == '>') request.DurationFilter = Long(word[1..]);
            else request.StateFilters.Add(word);
        }

        foreach (var unknown in TransactionMachine.UnknownStates(request)) _lines.Add($"  unknown state {unknown}");
        _machine.List(request, null, new Told<ListTransactionsResponse>(this, response => response.TransactionStates.Count == 0 ? "none" : string.Join(
            ", ", response.TransactionStates.Select(static row => $"{row.TransactionalId} {row.ProducerId} {row.TransactionState}").Order(StringComparer.Ordinal))), outcome);
    }

    private TransactionLogValue Near(string[] words)
    {
        var value = (TransactionLogValue)_log[^1].Value!;
        value.ProducerEpoch = Short(words[2]);
        return value;
    }

    private static WriteTxnMarkersResponse MarkerAnswer(WriteTxnMarkersRequest request, string[] words)
    {
        var response = new WriteTxnMarkersResponse();
        var marker = new WriteTxnMarkersResponse.Marker { ProducerId = request.Markers[0].ProducerId };
        response.Markers.Add(marker);
        foreach (var topic in request.Markers[0].Topics)
        {
            var row = new WriteTxnMarkersResponse.Topic { Name = topic.Name };
            foreach (var number in topic.PartitionIndexes)
            {
                var given = words.Skip(1).Select(static word => word.Split('=')).FirstOrDefault(pair => pair[0] == $"{topic.Name}-{number}");
                row.Partitions.Add(new WriteTxnMarkersResponse.Partition { PartitionIndex = number, ErrorCode = given is null ? ErrorCode.None : Enum.Parse<ErrorCode>(given[1]) });
            }

            marker.Topics.Add(row);
        }

        return response;
    }

    private static string Added(AddPartitionsToTxnResponse response) => string.Join(", ", response.ResultsByTransaction.SelectMany(static transaction =>
        transaction.TopicResults.SelectMany(static topic => topic.ResultsByPartition.Select(partition => $"{topic.Name}-{partition.PartitionIndex} {partition.PartitionErrorCode}"))));

    private static string Describe(DescribeTransactionsResponse response) => string.Join(", ", response.TransactionStates.Select(static row =>
        $"{row.ErrorCode} {row.TransactionState} producer {row.ProducerId} epoch {row.ProducerEpoch} timeout {row.TransactionTimeoutMs} start {row.TransactionStartTimeMs}"
        + string.Concat(row.Topics.SelectMany(static topic => topic.Partitions.Select(number => $" {topic.Topic}-{number}")))));

    private static short Version(string[] words) => words.FirstOrDefault(static word => word.Length is 2 && word[0] == 'v') is { } version ? Short(version[1..]) : (short)5;

    private static long Long(string word) => long.Parse(word, CultureInfo.InvariantCulture);

    private static short Short(string word) => short.Parse(word, CultureInfo.InvariantCulture);

    private sealed class Told<T>(TransactionPlayer player, Func<T, string> say) : PendingReply<T>(new T())
        where T : class, IMessage, new()
    {
        public override void Send() => player._lines.Add($"  reply {say(Response)}");

        public override void Fail(ErrorCode code, string? message) => player._lines.Add($"  reply fails {code}");
    }
}
