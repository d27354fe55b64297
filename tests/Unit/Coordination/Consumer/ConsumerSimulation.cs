using Moldau.Coordination.Groups;
using Moldau.Coordination.Groups.Consumer;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Unit.Coordination.Scenarios;

namespace Moldau.Unit.Coordination.Consumer;

/// <summary>
/// A group with members that come, go, fall silent and change their topics; answers that are lost or late, a coordinator that is
/// loaded anew and appends that fail. No partition may be used by two at a time, and left alone the group settles.
/// </summary>
internal sealed class ConsumerSimulation
{
    private const string Internal = "__consumer_offsets";
    private const int Settling = 60;

    private readonly Random _chance;
    private readonly ScenarioTopics _topics = new();
    private readonly List<SimulatedConsumer> _consumers = [];
    private readonly List<ShardBatch> _log = [];
    private readonly Dictionary<ShardTimer, long> _timers = [];
    private Shard<GroupMachine> _shard;
    private long _now = 1_000_000;
    private int _names;

    public ConsumerSimulation(int seed)
    {
        _chance = new Random(seed);
        for (var topic = 0; topic < 3; topic++) _topics.Set($"t{topic}", _chance.Next(1, 9));
        _shard = Load();
    }

    public void Run(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            Step();
            Check();
        }

        Settle();
    }

    private void Step()
    {
        switch (_chance.Next(20))
        {
            case 0 or 1 when _consumers.Count < 8:
                _consumers.Add(new SimulatedConsumer($"m{++_names}", _chance.Next(4) == 0 ? $"i{_names}" : null) { Topics = Some() });
                break;
            case 2 when _consumers.Count > 0:
                var leaving = Any();
                _consumers.Remove(leaving);
                leaving.IsGone = true;
                Send(leaving.Leave(), static _ => { });
                break;
            case 3 when _consumers.Count > 0:
                // It is silent from now on, and stops to use what it has when its session ends.
                Any().IsGone = true;
                break;
            case 4 when _consumers.Count > 0:
                Any().Topics = Some();
                break;
            case 5:
                // Topics never lose partitions.
                var grown = $"t{_chance.Next(4)}";
                _topics.Set(grown, (_topics.Find(grown)?.PartitionCount ?? 0) + _chance.Next(1, 4));
                break;
            case 6:
                Reload();
                break;
            case 7:
                Pass(_chance.Next(20_000));
                break;
            default:
                if (_consumers.Count > 0 && Any() is { IsGone: false } consumer) Beat(consumer);
                Pass(_chance.Next(2_000));
                break;
        }
    }

    private void Beat(SimulatedConsumer consumer)
    {
        var (isLost, fails) = (_chance.Next(8) == 0, _chance.Next(12) == 0);
        Send(consumer.Beat(), response =>
        {
            if (!isLost) consumer.Told(response, _now);
        }, fails);
    }

    private void Send(ConsumerGroupHeartbeatRequest request, Action<ConsumerGroupHeartbeatResponse> arrived, bool fails = false)
    {
        var reply = new SimulatedReply(arrived);
        _shard.Run(_now, reply, (machine, outcome) => machine.Consumer.Heartbeat(request, 1, new MemberClient(request.MemberId, "/"), static _ => true, reply, outcome));
        if (fails && _shard.TakeBatches() is [var first, ..]) _shard.Failed(_now, first, ErrorCode.CoordinatorNotAvailable, null);
        Flush();
    }

    private void Pass(long milliseconds)
    {
        var end = _now + milliseconds;
        while (_timers.Where(timer => timer.Value <= end).OrderBy(timer => timer.Value).Select(timer => (ShardTimer?)timer.Key).FirstOrDefault() is { } due)
        {
            _now = Math.Max(_now, _timers[due]);
            _timers.Remove(due);
            foreach (var consumer in _consumers) consumer.Age(_now);
            _shard.Run(_now, null, (machine, outcome) => machine.Elapsed(due, outcome));
            Flush();
            Check();
        }

        _now = end;
        foreach (var consumer in _consumers) consumer.Age(_now);
        _consumers.RemoveAll(consumer => consumer.IsGone && consumer.Owned.Count == 0);
    }

    private void Check()
    {
        var users = new Dictionary<(Uuid, int), string>();
        foreach (var consumer in _consumers)
        {
            foreach (var part in consumer.Owned)
            {
                if (!users.TryAdd(part, consumer.Id)) throw new InvalidOperationException($"{part} is used by {users[part]} and {consumer.Id}");
            }
        }
    }

    private void Settle()
    {
        Pass(2 * SimulatedConsumer.Session);
        _consumers.RemoveAll(consumer => consumer.IsGone);
        for (var round = 0; round < Settling; round++)
        {
            foreach (var consumer in _consumers)
            {
                Send(consumer.Beat(), response => consumer.Told(response, _now));
                Check();
            }

            Pass(1_000);
        }

        var used = _consumers.SelectMany(consumer => consumer.Owned).ToHashSet();
        foreach (var topic in _consumers.SelectMany(consumer => consumer.Topics).Distinct())
        {
            if (_topics.Find(topic) is not { } facts) continue;
            for (var partition = 0; partition < facts.PartitionCount; partition++)
            {
                if (!used.Contains((facts.Id, partition))) throw new InvalidOperationException($"after {Settling} rounds nobody uses partition {partition} of {topic}");
            }
        }

        var state = _shard.Machine.Consumer.Find("g")?.State;
        if (_consumers.Count > 0 && state != "Stable") throw new InvalidOperationException($"after {Settling} rounds the group is {state}");
    }

    private void Reload()
    {
        _shard.Drop(_now, "reload");
        _shard = Load();
    }

    private Shard<GroupMachine> Load()
    {
        _timers.Clear();
        var machine = new GroupMachine(new UndoLog(), static () => new GroupRules(), new Random(5), new ConsumerSurroundings(static _ => new ConsumerRules(), () => _topics));
        foreach (var record in _log.SelectMany(batch => batch.Records))
        {
            var (key, value) = RecordForm.Decode(Internal, record.Key, record.Value)!.Value;
            machine.Replay(key, value, null);
        }

        var shard = new Shard<GroupMachine>(machine, SetTimer, static fault => throw new InvalidOperationException("an event threw", fault));
        shard.Loaded(_now);
        return shard;
    }

    private void SetTimer(ShardTimer timer, TimeSpan? after)
    {
        if (after is { } time) _timers[timer] = _now + (long)time.TotalMilliseconds;
        else _timers.Remove(timer);
    }

    private void Flush()
    {
        var batches = _shard.TakeBatches();
        _log.AddRange(batches);
        if (batches.Count > 0) _shard.Committed(batches[^1]);
    }

    private SimulatedConsumer Any() => _consumers[_chance.Next(_consumers.Count)];

    private string[] Some() => [.. Enumerable.Range(0, 4).Where(_ => _chance.Next(2) == 0).Select(topic => $"t{topic}")];
}
