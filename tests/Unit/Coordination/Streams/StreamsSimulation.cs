using Moldau.Coordination.Groups;
using Moldau.Coordination.Groups.Streams;
using Moldau.Coordination.Groups.Streams.Topologies;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Coordination.Scenarios;

namespace Moldau.Unit.Coordination.Streams;

/// <summary>
/// An application whose threads come, go and fall silent; answers that are lost, a coordinator that is loaded anew and appends that fail;
/// topics that grow, internal ones that are made late, standby copies that are wanted or not. No task is active twice, no process has a
/// task's state twice, and left alone every task is run.
/// </summary>
internal sealed class StreamsSimulation
{
    private const string Internal = "__consumer_offsets";
    private const int Settling = 160;

    private readonly Random _chance;
    private readonly ScenarioTopics _topics = new();
    private readonly List<SimulatedThread> _threads = [];
    private readonly List<ShardBatch> _log = [];
    private readonly Dictionary<ShardTimer, long> _timers = [];
    private Shard<GroupMachine> _shard;
    private long _now = 1_000_000;
    private int _names;
    private int _standbys;

    public StreamsSimulation(int seed)
    {
        _chance = new Random(seed);
        _topics.Set("lines", _chance.Next(1, 6));
        _topics.Set("orders", _chance.Next(1, 4));
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

    // Lines are repartitioned and counted; orders are only looked at.
    private static StreamsGroupHeartbeatRequest.TopologySpec Topology() => new()
    {
        Subtopologies =
        [
            new() { SubtopologyId = "0", SourceTopics = ["lines"], RepartitionSinkTopics = ["words"] },
            new() { SubtopologyId = "1", RepartitionSourceTopics = [new() { Name = "words" }], StateChangelogTopics = [new() { Name = "counts" }] },
            new() { SubtopologyId = "2", SourceTopics = ["orders"] },
        ],
    };

    private void Step()
    {
        switch (_chance.Next(20))
        {
            case 0 or 1 when _threads.Count < 8:
                _threads.Add(new SimulatedThread($"m{++_names}", $"p{_chance.Next(4)}"));
                break;
            case 2 when _threads.Count > 0:
                var leaving = Any();
                _threads.Remove(leaving);
                leaving.IsGone = true;
                Send(leaving.Leave(), static _ => { });
                break;
            case 3 when _threads.Count > 0:
                // It is silent from now on, and stops to run what it has when its session ends.
                Any().IsGone = true;
                break;
            case 4:
                _standbys = _chance.Next(3);
                break;
            case 5:
                _topics.Set("orders", _topics.Find("orders")!.PartitionCount + 1);
                break;
            case 6:
                Reload();
                break;
            case 7:
                Pass(_chance.Next(20_000));
                break;
            default:
                if (_threads.Count > 0 && Any() is { IsGone: false } thread) Beat(thread);
                Pass(_chance.Next(2_000));
                break;
        }
    }

    private void Beat(SimulatedThread thread)
    {
        var (isLost, fails) = (_chance.Next(8) == 0, _chance.Next(12) == 0);
        Send(thread.Beat(Topology()), response =>
        {
            if (isLost) thread.NotAnswered();
            else thread.Told(response, _now);
        }, fails);
    }

    private void Send(StreamsGroupHeartbeatRequest request, Action<StreamsGroupHeartbeatResponse> arrived, bool fails = false)
    {
        var reply = new SimulatedAnswer(arrived);
        _shard.Run(_now, reply, (machine, outcome) => machine.Streams.Heartbeat(request, new MemberClient(request.MemberId, "/"), reply, (topics, _, _) => Make(topics), outcome));
        if (fails && _shard.TakeBatches() is [var first, ..]) _shard.Failed(_now, first, ErrorCode.CoordinatorNotAvailable, null);
        Flush();
    }

    private void Make(IReadOnlyList<InternalTopic> topics)
    {
        foreach (var topic in topics.Where(_ => _chance.Next(2) == 0)) _topics.Set(topic.Name, topic.Partitions);
    }

    private void Pass(long milliseconds)
    {
        var end = _now + milliseconds;
        while (_timers.Where(timer => timer.Value <= end).OrderBy(timer => timer.Value).Select(timer => (ShardTimer?)timer.Key).FirstOrDefault() is { } due)
        {
            _now = Math.Max(_now, _timers[due]);
            _timers.Remove(due);
            foreach (var thread in _threads) thread.Age(_now);
            _shard.Run(_now, null, (machine, outcome) => machine.Elapsed(due, outcome));
            Flush();
            Check();
        }

        _now = end;
        foreach (var thread in _threads) thread.Age(_now);
        _threads.RemoveAll(static thread => thread.IsGone && thread.Active.Count + thread.Standby.Count == 0);
    }

    private void Check()
    {
        var runners = new Dictionary<TaskId, string>();
        var held = new HashSet<(TaskId, string)>();
        foreach (var thread in _threads)
        {
            foreach (var task in thread.Active)
            {
                if (!runners.TryAdd(task, thread.Id)) throw new InvalidOperationException($"{task} is run by {runners[task]} and {thread.Id}");
            }

            foreach (var task in thread.Active.Concat(thread.Standby))
            {
                if (!held.Add((task, thread.Process))) throw new InvalidOperationException($"{task} is in process {thread.Process} twice");
            }
        }
    }

    private void Settle()
    {
        for (var round = 0; round < Settling; round++)
        {
            foreach (var thread in _threads.Where(static thread => !thread.IsGone).ToList())
            {
                // Answers go on being lost for a while: the last that tells of tasks may be one of them.
                var isLost = round < Settling / 2 && _chance.Next(4) == 0;
                Send(thread.Beat(Topology()), response =>
                {
                    if (isLost) thread.NotAnswered();
                    else thread.Told(response, _now);
                });
                Check();
            }

            Pass(1_000);
        }

        _threads.RemoveAll(static thread => thread.IsGone);
        if (_threads.Count == 0) return;
        var wanted = Tasks("0", "lines").Concat(Tasks("1", "lines")).Concat(Tasks("2", "orders")).Order().ToList();
        var run = _threads.SelectMany(static thread => thread.Active).Order().ToList();
        if (!wanted.SequenceEqual(run)) throw new InvalidOperationException($"after {Settling} rounds {string.Join(',', run)} are run in place of {string.Join(',', wanted)}");
        var copies = Math.Min(_standbys, _threads.Select(static thread => thread.Process).Distinct().Count() - 1) * Tasks("1", "lines").Count();
        var kept = _threads.Sum(static thread => thread.Standby.Count);
        if (kept != copies) throw new InvalidOperationException($"after {Settling} rounds there are {kept} copies in place of {copies}");
        if (_shard.Machine.Streams.Find("g")!.State is not "Stable" and var state) throw new InvalidOperationException($"after {Settling} rounds the group is {state}");
    }

    private IEnumerable<TaskId> Tasks(string subtopology, string topic) => Enumerable.Range(0, _topics.Find(topic)!.PartitionCount).Select(number => new TaskId(subtopology, number));

    private void Reload()
    {
        _shard.Drop(_now, "reload");
        _shard = Load();
    }

    private Shard<GroupMachine> Load()
    {
        _timers.Clear();
        var surroundings = new StreamsSurroundings(_ => new StreamsRules { StandbyReplicas = _standbys }, () => _topics);
        var machine = new GroupMachine(new UndoLog(), static () => new GroupRules(), new Random(5), streams: surroundings);
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

    private SimulatedThread Any() => _threads[_chance.Next(_threads.Count)];
}
