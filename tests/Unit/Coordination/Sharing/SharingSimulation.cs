using Moldau.Coordination.Deliveries;
using Moldau.Coordination.ShareStates;
using Moldau.Protocol.Errors;
using Moldau.Unit.Coordination.Scenarios;
using Moldau.Unit.Storage.Simulation;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>
/// A share-partition with its leaders, of whom one may go on that is none any more, and its share coordinator, over a network
/// that loses, doubles and delays. What members were told counts: beside it stands what became of each record.
/// </summary>
internal sealed class SharingSimulation
{
    private const int Limit = 3;
    private const int Lock = 100;

    /// <summary>Takes records and is never heard of again.</summary>
    private const string Gone = "gone";

    private static readonly string[] s_members = ["a", "b", "c"];
    private static readonly DeliveryRules s_rules = new() { LockDuration = Lock, DeliveryLimit = Limit, MostOut = 60, AllowsRenewal = true };

    private readonly Random _chance;
    private readonly Happenings _seen;
    private readonly SharingBreak _broken;
    private readonly SimulatedNetwork _network;
    private readonly SimulatedStates _states;
    private readonly SharePartitionKey _key;
    private readonly List<Account> _leaders = [];
    private readonly HashSet<long> _told = [];
    private readonly HashSet<long> _mayBeOver = [];
    private long _now = 1_000;
    private long _end;

    public SharingSimulation(int seed, Happenings seen, SharingBreak broken = SharingBreak.None)
    {
        (_chance, _seen, _broken) = (new Random(seed), seen, broken);
        _network = new SimulatedNetwork(_chance, seen);
        var topics = new ScenarioTopics();
        topics.Set("t", 1);
        _key = new SharePartitionKey("g", topics.IdOf("t"), 0);
        _states = new SimulatedStates(topics, _chance, seen, broken);
    }

    private Account Current => _leaders[^1];

    public void Run()
    {
        Initialize(stateEpoch: 1);
        Lead();
        for (var i = 0; i < 600; i++) Step();
        Calm();
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
                _end += _chance.Next(1, 10);
                break;
            case < 10:
                Fetch(Any(), s_members[_chance.Next(s_members.Length)]);
                break;
            case < 17:
                Acknowledge(Any(), accepts: false);
                break;
            case 17:
                Leave(Any());
                break;
            case 18 when _chance.Next(4) == 0:
                Lead();
                break;
            case 19 when _chance.Next(4) == 0:
                // As it comes late or twice from the group's coordinator.
                Initialize(stateEpoch: 1);
                break;
        }

        Pass(_chance.Next(8));
    }

    private void Pass(int milliseconds)
    {
        _now += milliseconds;
        _network.Step(_now);
        _states.Step(_now, _network.IsCalm);
        foreach (var account in _leaders)
        {
            account.Leader.Step(_now, _broken != SharingBreak.LocksForEver);
            if (_broken != SharingBreak.LocksForEver) account.Expire(_now);
        }
    }

    /// <summary>The last who leads, or sometimes one who has not noticed that he does not.</summary>
    private Account Any() => _chance.Next(4) > 0 ? Current : _leaders[_chance.Next(_leaders.Count)];

    private void Initialize(int stateEpoch) => _network.Send(_now, () => _states.Initialize(_now, _key, new() { StateEpoch = stateEpoch, StartOffset = -1 }, static _ => { }));

    private void Lead()
    {
        if (_leaders.Count > 0) _seen.Note("another leads");
        var account = new Account(new SimulatedLeader(_key, _leaders.Count + 1, _states, _network, s_rules));
        account.Leader.WriteTaken = account.Sent;
        account.Leader.WriteEnded = isStored =>
        {
            foreach (var offset in account.Ended(isStored)) _told.Add(offset);
        };
        _leaders.Add(account);
    }

    private void Fetch(Account account, string member)
    {
        if (account.Leader is not { IsOver: false, Machine: { } machine }) return;
        var (from, acquired) = (machine.Next(), new List<AcquiredRange>());
        if (from >= _end) return;
        machine.Acquire(member, from, [new ReadBatch(0, _end - 1, false)], new AcquireLimits(_chance.Next(1, 12), int.MaxValue, true), _now, acquired);
        foreach (var range in acquired)
        {
            for (var offset = range.First; offset <= range.Last; offset++) Given(account, member, offset, range.Count);
        }
    }

    private void Given(Account account, string member, long offset, short count)
    {
        Hold(account.Give(member, offset, _now + Lock), $"{offset} has two holders with leader {account.Leader.Epoch}");
        // Who is no leader any more may not know what became of it since.
        Hold(account != Current || !_told.Contains(offset), $"{offset} was given again by leader {account.Leader.Epoch}, and somebody was told that it is done with");
        Hold(count <= Limit, $"{offset} was delivered the {count}th time");
        if (count > 1) _seen.Note("delivered again");
        if (count == Limit) _mayBeOver.Add(offset);
    }

    private void Acknowledge(Account account, bool accepts)
    {
        if (account.Leader is not { IsOver: false, Machine: { } machine }) return;
        foreach (var (offset, member) in account.Free())
        {
            if (member == Gone || (!accepts && _chance.Next(3) == 0)) continue;
            var type = accepts ? AcknowledgementType.Accept : (AcknowledgementType)_chance.Next(1, 4);
            var result = machine.Acknowledge(member, [new AcknowledgedRange(offset, offset, [(sbyte)type])], _now);
            Hold(result.Error == ErrorCode.None, $"{offset} cannot be acknowledged by who has it: {result.Message}");
            if (type != AcknowledgementType.Release) _mayBeOver.Add(offset);
            account.Say(offset, type);
            if (_broken == SharingBreak.AnswersBeforeStored && type != AcknowledgementType.Release) _told.Add(offset);
        }
    }

    private void Leave(Account account)
    {
        if (account.Leader is not { IsOver: false, Machine: { } machine }) return;
        var member = s_members[_chance.Next(s_members.Length)];
        machine.Release(member, _now);
        account.Leave(member);
        _seen.Note("left");
    }

    /// <summary>Nothing goes wrong any more: everything comes to an end, and what is stored says so.</summary>
    private void Calm()
    {
        _network.IsCalm = true;
        _end += 20;
        Initialize(stateEpoch: 1);
        Lead();
        for (var i = 0; i < 3_000; i++)
        {
            Fetch(Current, i % 40 == 0 && i < 400 ? Gone : s_members[0]);
            Acknowledge(Current, accepts: true);
            Pass(5);
            if (Current.Leader.Machine is { } machine && machine.Start == _end && machine.IsAtRest && _states.StoredStart(_now, _key) == _end) break;
        }

        Hold(_states.StoredStart(_now, _key) == _end || _end == 0, $"what is stored begins at {_states.StoredStart(_now, _key)}, and the log ends at {_end}");
        for (var offset = 0L; offset < _end; offset++) Hold(_mayBeOver.Contains(offset), $"{offset} was lost");
    }
}
